/**
 * What a session does by the clock, and always behind a waiting submit: sweeps, signal and operator,
 * whether it is still registered, whether its settings still hold.
 */
import type { Channel } from "#hardware/at/channel.ts";
import { basicCommand, readCommand, runCommand } from "#hardware/at/command.ts";
import { splitFields } from "#hardware/at/fields.ts";
import type { WireQueue } from "#hardware/at/queue.ts";
import type { Clock } from "#shared/clock.ts";
import type { Logger } from "#shared/logger.ts";
import type { Mailbox } from "./mailbox.ts";
import { isRegistered } from "./registration.ts";
import type { SessionEnd } from "./session-end.ts";
import { LIMITS, type ModemSettings } from "./settings.ts";
import { readSignalDbm } from "./signal.ts";
import type { StartFacts } from "./start-up/context.ts";
import { ASK_INDICATIONS, shownIndications } from "./start-up/indications.ts";
import { queryRegistration } from "./start-up/network.ts";
import { ASK_IMSI, imsiIn } from "./start-up/sim-identity.ts";
import { simStateOf } from "./start-up/sim-state.ts";
import type { StatusBoard } from "./status-board.ts";

export interface HousekeepingDeps {
  readonly channel: Channel;
  readonly queue: WireQueue;
  readonly facts: StartFacts;
  readonly board: StatusBoard;
  readonly clock: Clock;
  readonly log: Logger;
  readonly settings: ModemSettings;
  readonly signal: AbortSignal;
  readonly registrationChanged: () => void;
  readonly end: (end: SessionEnd) => void;
  /** Gives up the radio link that was kept for a next part. */
  readonly dropLink: () => Promise<void>;
  /** Nothing of this room comes between the parts of a long message. */
  readonly betweenMessages: () => Promise<void> | undefined;
}

export interface Housekeeping {
  /** Runs until the session ends. */
  work(mailbox: Mailbox): Promise<void>;
  /** For a blocked SIM: looks again and again, and begins anew when it is ready. */
  watchSim(): Promise<void>;
  sweepSoon(): void;
  checkSettingsSoon(): void;
  /** For a job that has the wire already. */
  checkSettingsNow(): Promise<void>;
  askNetworkSoon(): void;
  hangUpSoon(): void;
}

/** A caller who rings on is hung up on again after this. */
const RING_MS = 5_000;

export function createHousekeeping(deps: HousekeepingDeps): Housekeeping {
  return new SessionHousekeeping(deps);
}

class SessionHousekeeping implements Housekeeping {
  readonly #deps: HousekeepingDeps;
  #mailbox: Mailbox | undefined;
  #sweeping = false;
  #sweepAgain = false;
  #hungUpAt = Number.NEGATIVE_INFINITY;

  constructor(deps: HousekeepingDeps) {
    this.#deps = deps;
  }

  async work(mailbox: Mailbox): Promise<void> {
    this.#mailbox = mailbox;
    await Promise.all([this.#sweepByTheClock(), this.#lookAround(), this.#watchNetwork()]);
  }

  async #sweepByTheClock(): Promise<void> {
    const { clock, settings, signal } = this.#deps;
    while (!signal.aborted) {
      await this.#sweep();
      await clock.sleep(settings.sweepIntervalMs ?? LIMITS.sweepIntervalMs, signal);
      if (!signal.aborted) await this.#checkSettings();
    }
  }

  sweepSoon(): void {
    void this.#sweep();
  }

  /** One sweep at a time; what asks for one meanwhile gets another one after it. */
  async #sweep(): Promise<void> {
    if (this.#sweeping) {
      this.#sweepAgain = true;
      return;
    }
    this.#sweeping = true;
    do {
      this.#sweepAgain = false;
      await this.#guarded("the sweep", async () => this.#mailbox?.sweep());
    } while (this.#sweepAgain && !this.#deps.signal.aborted);
    this.#sweeping = false;
  }

  /** Signal, operator and registration, while nobody has anything better to send. */
  async #lookAround(): Promise<void> {
    const { clock, signal, queue } = this.#deps;
    while (!signal.aborted) {
      const { isIdle } = queue;
      if (isIdle) await this.#job("the look around", () => this.#readSurroundings());
      await clock.sleep(isIdle ? LIMITS.statusIntervalMs : LIMITS.idlePollMs, signal);
    }
  }

  async #readSurroundings(): Promise<void> {
    const { channel, board, queue } = this.#deps;
    await this.#deps.dropLink();
    board.know({ signalDbm: await readSignalDbm(channel) });
    if (queue.submitsWaiting > 0) return;
    const reply = await channel.run(readCommand("+COPS"), { timeoutMs: LIMITS.functionalityMs });
    const line = reply.kind === "ok" ? reply.lines[0] : undefined;
    const name = line === undefined ? "" : splitFields(line.slice(line.indexOf(":") + 1))[2];
    board.know({ operator: name === "" ? undefined : name });
    if (queue.submitsWaiting > 0) return;
    await this.#askNetwork();
  }

  /** Indications of the registration may be lost, so it is asked for too; more often while there is none. */
  async #watchNetwork(): Promise<void> {
    const { clock, signal, facts, end } = this.#deps;
    let searchingSince: number | undefined;
    while (!signal.aborted) {
      await clock.sleep(LIMITS.registrationPollMs, signal);
      if (signal.aborted) return;
      if (isRegistered(facts.registration)) {
        searchingSince = undefined;
        continue;
      }
      searchingSince ??= clock.monotonic();
      await this.#job("asking for the network", () => this.#askNetwork());
      const forMs = clock.monotonic() - searchingSince;
      if (forMs < LIMITS.searchingMsMax || isRegistered(facts.registration)) continue;
      end({ kind: "unfit", detail: `no network for ${Math.round(forMs / 60_000)} minutes` });
    }
  }

  askNetworkSoon(): void {
    void this.#job("asking for the network", () => this.#askNetwork());
  }

  async #askNetwork(): Promise<void> {
    const { channel, facts, registrationChanged } = this.#deps;
    facts.registration = await queryRegistration(channel, facts.registration);
    registrationChanged();
  }

  checkSettingsSoon(): void {
    void this.#checkSettings();
  }

  /**
   * A restart without a word, a missed acknowledgement or another program: indications are reset by all.
   * And a card may be swapped without a word: limits and references would then count for the wrong SIM.
   */
  async #checkSettings(): Promise<void> {
    await this.#job("the check of the settings", async () => {
      if (await this.#checkSim()) return;
      if (this.#deps.queue.submitsWaiting === 0) await this.checkSettingsNow();
    });
  }

  /** True when the session is over by it. */
  async #checkSim(): Promise<boolean> {
    const { facts, channel, end } = this.#deps;
    const imsi = imsiIn(await channel.run(ASK_IMSI, { bare: true }));
    if (imsi === undefined || facts.sim === undefined || imsi === facts.sim.imsi) return false;
    end({ kind: "restarted", detail: "another SIM is in the modem" });
    return true;
  }

  async checkSettingsNow(): Promise<void> {
    const { facts, channel, end } = this.#deps;
    if (facts.indications === "") return;
    const now = shownIndications(await channel.run(ASK_INDICATIONS));
    if (now === undefined || now === facts.indications) return;
    end({ kind: "restarted", detail: `the modem lost its settings (indications are ${now})` });
  }

  /** A call keeps a 2G modem from sending (field notes 1.6). */
  hangUpSoon(): void {
    const { channel, clock } = this.#deps;
    if (clock.monotonic() - this.#hungUpAt < RING_MS) return;
    this.#hungUpAt = clock.monotonic();
    void this.#job("hanging up", async () => {
      const reply = await channel.run(runCommand("+CHUP"));
      if (reply.kind === "error") await channel.run(basicCommand("H"));
    });
  }

  async watchSim(): Promise<void> {
    const { clock, signal, channel, end } = this.#deps;
    while (!signal.aborted) {
      await clock.sleep(LIMITS.blockedPollMs, signal);
      if (signal.aborted) return;
      await this.#job("looking at the SIM", async () => {
        const state = simStateOf(await channel.run(readCommand("+CPIN")));
        if (state.kind === "ready") end({ kind: "restarted", detail: "the SIM is ready now" });
      });
    }
  }

  #job(what: string, job: () => Promise<void>): Promise<void> {
    return this.#guarded(what, () => this.#deps.queue.add("housekeeping", job));
  }

  /** What goes wrong here is a mistake of ours; it must not take the modem down, and must be seen. */
  async #guarded(what: string, job: () => Promise<void> | undefined): Promise<void> {
    try {
      const wait = this.#deps.betweenMessages();
      if (wait !== undefined) await wait;
      if (!this.#deps.signal.aborted) await job();
    } catch (error) {
      this.#deps.log.error({ err: error, what }, "housekeeping failed");
    }
  }
}
