/**
 * One configured modem: the driver that lives on its port, the send loop that feeds it, and the SIM
 * that is in it now. A loop that fails is started again; it never takes the others with it.
 */
import type { Ledger } from "#gateway/messages/ledger.ts";
import type { Dispatch } from "#gateway/outbox/dispatch.ts";
import type { Interrupted } from "#gateway/outbox/recover.ts";
import { SendLoop } from "#gateway/outbox/send-loop.ts";
import type { SimSlot } from "#gateway/outbox/slot.ts";
import type { Inbound } from "#gateway/reports/inbound.ts";
import type { Reports } from "#gateway/reports/reports.ts";
import type { ModemDeps } from "#hardware/modem/deps.ts";
import type { Modem, ModemStatus, PinMemory, SimIdentity, SubmitOutcome } from "#hardware/modem/types.ts";
import type { Clock } from "#shared/clock.ts";
import type { Logger } from "#shared/logger.ts";
import type { SimRegistry } from "./sim-registry.ts";
import type { ModemConfig } from "./types.ts";

const RESTART_MS_FIRST = 1_000;
const RESTART_MS_MAX = 60_000;
/** When a SIM cannot be stored, it is tried again after this. */
const STORE_AGAIN_MS = 5_000;

export interface KeeperDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Logger;
  readonly dispatch: Dispatch;
  readonly reports: Reports;
  readonly inbound: Inbound;
  readonly registry: SimRegistry;
  readonly pinMemory: PinMemory;
  readonly createModem: (deps: ModemDeps) => Modem;
  readonly answered: (outcome: SubmitOutcome, tookMs: number) => void;
  readonly parked: (slot: SimSlot, until: number) => void;
  /** May this modem serve the SIM? False when another one does. */
  readonly mayServe: (keeper: ModemKeeper, iccid: string) => boolean;
  /** This modem serves a SIM now, parked or not. */
  readonly serves: (keeper: ModemKeeper, slot: SimSlot) => void;
  /** A SIM is free that it served before. */
  readonly gaveUp: (iccid: string) => void;
}

export class ModemKeeper {
  readonly config: ModemConfig;
  readonly #deps: KeeperDeps;
  readonly #stopping = new AbortController();
  readonly #writes = new Set<Promise<unknown>>();
  readonly #tried = Promise.withResolvers<void>();
  #modem: Modem | undefined;
  #loop: SendLoop | undefined;
  #life: Promise<void> = Promise.resolve();
  #status: ModemStatus = { state: "absent", detail: "not looked for yet" };
  /** ICCID of the SIM that the modem last said it has. */
  #iccid: string | undefined;
  #slot: SimSlot | undefined;
  #conflict = false;

  constructor(config: ModemConfig, deps: KeeperDeps) {
    this.config = config;
    this.#deps = { ...deps, log: deps.log.child({ modem: config.name }) };
  }

  get status(): ModemStatus {
    if (!this.#conflict) return this.#status;
    return { ...this.#status, detail: "Its SIM is served by another modem of this gateway." };
  }

  get slot(): SimSlot | undefined {
    return this.#slot;
  }

  /** Resolves when its port was opened once, or was not to be had. */
  get portTried(): Promise<void> {
    return this.#tried.promise;
  }

  get submitting(): boolean {
    return this.#loop?.submitting ?? false;
  }

  start(interrupted: Interrupted): void {
    const { createModem, clock, log, pinMemory, registry, inbound, reports } = this.#deps;
    const { name, open, settings } = this.config;
    this.#modem = createModem({
      name,
      open,
      clock,
      log,
      pinMemory,
      settings,
      events: {
        status: (status) => this.#changed(status),
        deliver: async (pdu) => inbound.receive(await registry.numberOf(pdu.sim, name), pdu),
        report: async (pdu) => reports.receive(await registry.numberOf(pdu.sim, name), pdu),
        late: (outcome) => this.#loop?.late(outcome),
      },
    });
    const { ledger, dispatch, answered, parked } = this.#deps;
    this.#loop = new SendLoop({
      ledger,
      clock,
      log,
      dispatch,
      reports,
      modem: this.#modem,
      interrupted,
      parked,
      answered,
    });
    this.#life = this.#supervise(this.#loop);
    this.#changed(this.#modem.status);
  }

  /** Finishes the submit on the air and stores what came of it, then closes the port. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#loop?.stop();
    await this.#life;
    await this.#modem?.stop();
    await Promise.all(this.#writes);
  }

  /** Another modem has the SIM now. */
  giveUp(): void {
    const slot = this.#slot;
    this.#slot = undefined;
    this.#iccid = undefined;
    this.#loop?.use(undefined);
    if (slot !== undefined) this.#deps.dispatch.detach(slot);
  }

  /** The SIM that this modem waited for may be free. */
  tryAgain(iccid: string): void {
    if (this.#conflict && this.#iccid === iccid && this.#status.sim !== undefined)
      this.#write(this.#serve(this.#status.sim));
  }

  #changed(status: ModemStatus): void {
    const before = this.#status;
    this.#status = status;
    if (status.state !== before.state || status.detail !== before.detail) this.#tried.resolve();
    if (status.sim !== undefined && status.sim.iccid !== this.#iccid) this.#changeSim(status.sim);
    this.#followReadiness();
    if (status.state !== before.state || status.sim?.iccid !== before.sim?.iccid) this.#tell(status);
  }

  #followReadiness(): void {
    const slot = this.#slot;
    if (slot === undefined) return;
    const ready = this.#status.state === "ready" && this.#status.sim?.iccid === slot.iccid;
    if (ready === slot.ready) return;
    slot.setReady(ready);
    this.#deps.dispatch.changed(slot);
    this.#loop?.ring();
  }

  #changeSim(sim: SimIdentity): void {
    const left = this.#slot;
    this.giveUp();
    this.#iccid = sim.iccid;
    if (left !== undefined) {
      this.#deps.log.warn({}, "another SIM is in the modem");
      this.#deps.gaveUp(left.iccid);
    }
    this.#write(this.#serve(sim));
  }

  async #serve(sim: SimIdentity): Promise<void> {
    const { registry, mayServe, serves, log, clock } = this.#deps;
    let number: number | undefined;
    while (number === undefined && this.#iccid === sim.iccid && !this.#stopping.signal.aborted) {
      try {
        number = await registry.numberOf(sim, this.config.name);
      } catch (error) {
        log.error({ err: error }, "the SIM cannot be stored; trying again");
        await clock.sleep(STORE_AGAIN_MS, this.#stopping.signal);
      }
    }
    if (number === undefined || this.#iccid !== sim.iccid || this.#stopping.signal.aborted) return;
    this.#conflict = !mayServe(this, sim.iccid);
    if (this.#conflict) {
      log.error({}, "the SIM is served by another modem; are two ports of one device configured?");
      return;
    }
    const slot = registry.createSlot(number, sim, this.config.name, () => this.#loop?.ring());
    this.#slot = slot;
    serves(this, slot);
    slot.setReady(this.#status.state === "ready");
    this.#loop?.use(slot);
    this.#deps.dispatch.attach(slot);
  }

  #tell(status: ModemStatus): void {
    const { ledger } = this.#deps;
    const { state, detail, sim, modem } = status;
    const data = {
      modem: this.config.name,
      state,
      detail,
      ...(sim === undefined ? {} : { sim: sim.iccid }),
      ...(modem === undefined ? {} : { imei: modem.imei, model: modem.model }),
    };
    this.#write(
      ledger.write("modem", (entry) => ledger.append(entry, { type: "modem.changed", at: entry.now, data })),
    );
  }

  #write(writing: Promise<unknown>): void {
    const done = writing.catch((error: unknown) => {
      this.#deps.log.error({ err: error }, "a change of the modem could not be stored");
    });
    this.#writes.add(done);
    void done.finally(() => this.#writes.delete(done));
  }

  async #supervise(loop: SendLoop): Promise<void> {
    const { clock, log } = this.#deps;
    for (let waitMs = RESTART_MS_FIRST; ; waitMs = Math.min(waitMs * 2, RESTART_MS_MAX)) {
      try {
        await loop.run();
        return;
      } catch (error) {
        log.error({ err: error }, "the send loop failed");
      }
      try {
        await loop.salvage();
      } catch (error) {
        log.error({ err: error }, "what the send loop held could not be stored");
      }
      if (this.#stopping.signal.aborted) return;
      await clock.sleep(waitMs, this.#stopping.signal);
    }
  }
}
