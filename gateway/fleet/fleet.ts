/** All modems together: who serves which SIM, which SIMs are parked, and how it looks from outside. */
import type { Ledger } from "#gateway/messages/ledger.ts";
import type { FleetView, ModemView, SimView } from "#gateway/messages/types.ts";
import { Alarm } from "#gateway/outbox/alarm.ts";
import type { Dispatch } from "#gateway/outbox/dispatch.ts";
import type { Interrupted } from "#gateway/outbox/recover.ts";
import { allSims, findSim, parkingOf, parkSimByHand, releaseSim } from "#gateway/outbox/sims.ts";
import type { SimSlot } from "#gateway/outbox/slot.ts";
import type { Clock } from "#shared/clock.ts";
import type { Logger } from "#shared/logger.ts";
import { type KeeperDeps, ModemKeeper } from "./keeper.ts";
import type { SimRegistry } from "./sim-registry.ts";
import type { ModemConfig } from "./types.ts";

/** When the database takes no writes, a release is tried again after this. */
const RELEASE_AGAIN_MS = 10_000;
const RELEASED_BY_TIME = "time";

export interface FleetDeps extends Omit<KeeperDeps, "parked" | "mayServe" | "serves" | "gaveUp"> {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Logger;
  readonly dispatch: Dispatch;
  readonly registry: SimRegistry;
}

interface Parked {
  readonly sim: number;
  readonly iccid: string;
}

export class Fleet implements FleetView {
  readonly #deps: FleetDeps;
  readonly #keepers: readonly ModemKeeper[];
  readonly #releases: Alarm<Parked>;
  readonly #running = new Set<Promise<unknown>>();

  constructor(configs: readonly ModemConfig[], deps: FleetDeps) {
    this.#deps = deps;
    this.#releases = new Alarm(deps.clock, (parked) => this.#releaseByTime(parked));
    this.#keepers = configs.map(
      (config) =>
        new ModemKeeper(config, {
          ...deps,
          parked: (slot, until) => this.#parked(slot, until),
          mayServe: (keeper, iccid) => this.#mayServe(keeper, iccid),
          serves: (_, slot) => this.#served(slot),
          gaveUp: (iccid) => {
            for (const keeper of this.#keepers) keeper.tryAgain(iccid);
          },
        }),
    );
  }

  start(interrupted: Interrupted): void {
    for (const { number, iccid } of allSims(this.#deps.ledger.db)) {
      const parking = parkingOf(this.#deps.ledger.db, number);
      if (parking?.until !== undefined) this.#releases.set(parking.until, { sim: number, iccid });
    }
    for (const keeper of this.#keepers) keeper.start(interrupted);
  }

  /** Resolves when each modem's port was opened once, or was not to be had. */
  async portsTried(): Promise<void> {
    await Promise.all(this.#keepers.map((keeper) => keeper.portTried));
  }

  /** Each modem finishes what is on the air; then its port is closed. */
  async stop(): Promise<void> {
    this.#releases.close();
    await Promise.all(this.#keepers.map((keeper) => keeper.stop()));
    await Promise.all(this.#running);
  }

  modems(): readonly ModemView[] {
    return this.#keepers.map((keeper) => viewOf(keeper));
  }

  async sims(): Promise<readonly SimView[]> {
    const { ledger, registry, dispatch } = this.#deps;
    return allSims(ledger.db).map(({ number, iccid, imsi, modem }) => {
      const slot = this.#keepers.find((keeper) => keeper.slot?.iccid === iccid)?.slot;
      const parked = parkingOf(ledger.db, number);
      return {
        iccid,
        imsi,
        ...(slot === undefined ? {} : { modem: slot.modem }),
        ...(parked === undefined ? {} : { parked }),
        usage: (slot?.meter ?? registry.meter(number, iccid, modem)).usage(),
        queued: dispatch.waitingFor(number),
      };
    });
  }

  /** Takes a SIM out of service until a person releases it. False when it is unknown or parked already. */
  async parkSim(iccid: string, reason: string): Promise<boolean> {
    const { ledger } = this.#deps;
    const sim = findSim(ledger.db, iccid);
    if (sim === undefined) return false;
    const park = { sim: sim.number, iccid, reason, code: "parked_by_hand" };
    const parked = await ledger.write("park", (entry) => parkSimByHand(ledger, entry, park));
    if (parked) this.#setParked(iccid, true);
    return parked;
  }

  /** False when it is unknown or not parked. `by` names who did it. */
  async releaseSim(iccid: string, by: string): Promise<boolean> {
    const { ledger } = this.#deps;
    const sim = findSim(ledger.db, iccid);
    if (sim === undefined) return false;
    const released = await ledger.write("release", (entry) =>
      releaseSim(ledger, entry, { sim: sim.number, iccid }, by),
    );
    if (released) this.#setParked(iccid, false);
    return released;
  }

  #setParked(iccid: string, parked: boolean): void {
    const slot = this.#keepers.find((keeper) => keeper.slot?.iccid === iccid)?.slot;
    if (slot === undefined) return;
    slot.setParked(parked);
    this.#deps.dispatch.changed(slot);
  }

  #parked(slot: SimSlot, until: number): void {
    this.#deps.log.warn({ modem: slot.modem }, "the network refuses the SIM; it is parked");
    this.#releases.set(until, slot);
    this.#setParked(slot.iccid, true);
  }

  #releaseByTime(parked: Parked): void {
    const { ledger, clock, log } = this.#deps;
    const parking = parkingOf(ledger.db, parked.sim);
    // Released meanwhile, or parked anew: then another alarm is set.
    if (parking?.until === undefined || parking.until > clock.now()) return;
    const running = this.releaseSim(parked.iccid, RELEASED_BY_TIME).catch((error: unknown) => {
      log.error({ err: error }, "a parked SIM could not be released; trying again");
      this.#releases.set(clock.now() + RELEASE_AGAIN_MS, parked);
    });
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  /** A SIM belongs to the modem that says it has it; two that say so are two ports of one device. */
  #mayServe(keeper: ModemKeeper, iccid: string): boolean {
    const holder = this.#keepers.find((other) => other !== keeper && other.slot?.iccid === iccid);
    if (holder === undefined) return true;
    const { state, sim } = holder.status;
    if (sim?.iccid === iccid && state !== "absent" && state !== "stopped") return false;
    holder.giveUp();
    return true;
  }

  #served(slot: SimSlot): void {
    const parking = parkingOf(this.#deps.ledger.db, slot.sim);
    slot.setParked(parking !== undefined);
  }
}

function viewOf(keeper: ModemKeeper): ModemView {
  const { state, detail, modem, sim, operator, signalDbm, registration } = keeper.status;
  return {
    name: keeper.config.name,
    port: keeper.config.port,
    state,
    detail,
    submitting: keeper.submitting,
    ...(modem === undefined
      ? {}
      : {
          imei: modem.imei,
          manufacturer: modem.manufacturer,
          model: modem.model,
          revision: modem.revision,
          profile: modem.profile,
        }),
    ...(sim === undefined ? {} : { sim: sim.iccid }),
    ...(operator === undefined ? {} : { operator }),
    ...(signalDbm === undefined ? {} : { signalDbm }),
    ...(registration === undefined ? {} : { registration }),
  };
}
