/**
 * A modem that outlives its port: it opens the port, lives a session on it, and knows what comes after
 * each way a session can end.
 */

import type { EncodedPdu } from "#hardware/pdu/types.ts";
import { type Port, PortClosed, PortError } from "#hardware/port/port.ts";
import { type Climber, createClimber, type Line } from "./climber.ts";
import type { ModemDeps } from "./deps.ts";
import { createMemory } from "./memory.ts";
import { GENERIC } from "./profiles/generic.ts";
import type { Profile } from "./profiles/profile.ts";
import { createSession, type Session } from "./session.ts";
import type { SessionEnd } from "./session-end.ts";
import { assertModemSettings, LIMITS } from "./settings.ts";
import { createStatusBoard, NO_NETWORK, type StatusBoard } from "./status-board.ts";
import type { Modem, ModemStatus, StoredEntry, StoredStatus, StoreOutcome, SubmitOutcome } from "./types.ts";

export type { ModemDeps } from "./deps.ts";
export type { ModemSettings } from "./settings.ts";

/** It starts by itself, and lives until `stop()`. @throws ModemSettingsError */
export function createModem(deps: ModemDeps): Modem {
  assertModemSettings(deps.settings);
  return new LivingModem(deps);
}

/** An open port that knows when it was lost. */
interface Connection extends Line {
  readonly port: Port;
  readonly lostBecause: () => string;
}

class LivingModem implements Modem {
  readonly name: string;
  readonly #deps: ModemDeps;
  readonly #board: StatusBoard;
  readonly #climber: Climber;
  readonly #stopping = new AbortController();
  readonly #life: Promise<void>;
  #session: Session | undefined;
  /** Whoever speaks with the modem now: a session, or a step of the ladder. */
  #listener: (bytes: Uint8Array) => void = ignore;
  #profile: Profile = GENERIC;
  readonly #memory = createMemory();
  /** Start-up dialogues so far. */
  #sessions = 0;
  #submitting: Promise<SubmitOutcome> | undefined;

  constructor(deps: ModemDeps) {
    this.name = deps.name;
    this.#deps = { ...deps, log: deps.log.child({ modem: deps.name }) };
    this.#board = createStatusBoard(this.#deps.log, deps.events.status);
    this.#climber = createClimber({
      open: deps.open,
      clock: deps.clock,
      log: this.#deps.log,
      board: this.#board,
      stopping: this.#stopping.signal,
      profile: () => this.#profile,
      listen: (listener) => {
        this.#listener = listener;
      },
    });
    this.#life = this.#live();
  }

  get status(): ModemStatus {
    return this.#board.status;
  }

  submit(pdu: EncodedPdu, options?: { readonly more?: boolean }): Promise<SubmitOutcome> {
    return this.#send(({ outgoing }) => outgoing.submit(pdu, options?.more ?? false));
  }

  sendStored(entry: StoredEntry, options?: { readonly more?: boolean }): Promise<SubmitOutcome> {
    return this.#send(async ({ outgoing, entries }) =>
      entries === undefined
        ? notSent("the modem has no storage")
        : outgoing.sendStored(entry, entries, options?.more ?? false),
    );
  }

  /** One at a time, and whatever goes wrong is an outcome. */
  async #send(hand: (session: Session) => Promise<SubmitOutcome>): Promise<SubmitOutcome> {
    const session = this.#readySession();
    if (this.#submitting !== undefined) return notSent("another submit is on its way");
    if (typeof session === "string") return notSent(session);
    this.#submitting = hand(session);
    try {
      return await this.#submitting;
    } catch (error) {
      // Only a PDU that is no PDU gets here: the command builder refuses it before anything is written.
      return notSent(this.#refusedByUs("submit", error));
    } finally {
      this.#submitting = undefined;
    }
  }

  async store(pdu: EncodedPdu): Promise<StoreOutcome> {
    const session = this.#readySession();
    if (typeof session === "string") return { kind: "not-stored", reason: session };
    try {
      const outcome = await session.entries?.store(pdu);
      return outcome ?? { kind: "not-stored", reason: "the modem has no storage" };
    } catch (error) {
      return { kind: "not-stored", reason: this.#refusedByUs("store", error) };
    }
  }

  lastReference(): Promise<number | undefined> {
    return this.#ask(({ outgoing }) => outgoing.lastReference());
  }

  storedStatus(entry: StoredEntry): Promise<StoredStatus | undefined> {
    return this.#ask(async ({ entries }) => entries?.status(entry));
  }

  async removeUnsent(fingerprints: readonly string[]): Promise<boolean> {
    return (await this.#ask(async ({ entries }) => entries?.removeUnsent(fingerprints))) ?? false;
  }

  async deleteStored(entry: StoredEntry): Promise<void> {
    await this.#ask(async ({ entries }) => entries?.remove(entry));
  }

  async #ask<T>(question: (session: Session) => Promise<T | undefined>): Promise<T | undefined> {
    const session = this.#readySession();
    if (typeof session === "string") return undefined;
    try {
      return await question(session);
    } catch (error) {
      this.#refusedByUs("question", error);
      return undefined;
    }
  }

  /** The session, or why there is none that takes anything. */
  #readySession(): Session | string {
    const { state, detail } = this.status;
    if (this.#stopping.signal.aborted) return "the gateway is stopping";
    if (this.#session === undefined || state !== "ready") return `the modem is ${state}: ${detail}`;
    return this.#session;
  }

  #refusedByUs(what: string, error: unknown): string {
    this.#deps.log.error({ err: error, what }, "the driver refused it by itself");
    return error instanceof Error ? error.message : `the ${what} could not be made`;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#submitting?.catch(() => undefined);
    this.#session?.end({ kind: "stopped", detail: "stopped" });
    await this.#life;
  }

  async #live(): Promise<void> {
    let refusals = 0;
    while (!this.#stopping.signal.aborted) {
      const opened = await this.#open();
      if (opened instanceof PortError) {
        this.#board.to("absent", opened.message);
        await this.#pause(reopenDelayMs(opened, refusals++));
        continue;
      }
      refusals = 0;
      await this.#serve(opened);
      await opened.port.close();
      if (!this.#stopping.signal.aborted) await this.#pause(LIMITS.reopenMs);
    }
    this.#board.to("stopped", "stopped");
  }

  #pause(ms: number, ...alsoEndedBy: AbortSignal[]): Promise<void> {
    return this.#deps.clock.sleep(ms, AbortSignal.any([this.#stopping.signal, ...alsoEndedBy]));
  }

  async #open(): Promise<Connection | PortError> {
    const lost = new AbortController();
    let reason = "";
    try {
      const port = await this.#deps.open({
        data: (bytes) => this.#listener(bytes),
        closed: (why) => {
          reason = why;
          lost.abort();
          this.#session?.end({ kind: "lost", detail: why });
        },
      });
      const write = (bytes: Uint8Array): void => {
        // A port that was lost takes nothing, even if its object would.
        if (lost.signal.aborted) throw new PortClosed(`${port.name} is closed`);
        port.write(bytes);
      };
      return { port, write, lost: lost.signal, lostBecause: () => reason };
    } catch (error) {
      if (error instanceof PortError) return error;
      this.#deps.log.error({ err: error }, "the port could not be opened");
      return new PortError("failed", error instanceof Error ? error.message : "the port could not be opened");
    }
  }

  /** Session after session on one port, until the port has to be closed. */
  async #serve(connection: Connection): Promise<void> {
    let brokenStarts = 0;
    while (!connection.lost.aborted && !this.#stopping.signal.aborted) {
      this.#board.to("starting", "the port is open", { session: ++this.#sessions });
      const session = createSession(this.#deps, this.#board, this.#memory, connection.write);
      this.#session = session;
      this.#listener = (bytes) => session.feed(bytes);
      const end = await session.run().catch((error: unknown) => this.#mistake(session, error));
      this.#session = undefined;
      this.#listener = ignore;
      // A modem that was only mute may still answer; one that began anew has forgotten.
      if (end.kind !== "mute") this.#memory.lateAnswerDue = false;
      // A session that never got that far knows less than the one before it.
      if (session.facts.identity.manufacturer !== "") this.#profile = session.facts.profile;
      if (session.proven) this.#climber.succeeded();
      this.#deps.log.info({ end: end.kind, detail: end.detail }, "the session with the modem ended");
      brokenStarts = session.started ? 0 : brokenStarts + 1;
      const again = await this.#after(end, connection, brokenStarts);
      if (!again) break;
    }
    if (!connection.lost.aborted) return;
    this.#board.know(NO_NETWORK);
    this.#board.to("absent", connection.lostBecause());
  }

  /** A mistake of ours in one session must not end the modem's life, and must be seen. */
  #mistake(session: Session, error: unknown): SessionEnd {
    const end: SessionEnd = { kind: "unfit", detail: "the driver failed; the log says how" };
    this.#deps.log.error({ err: error }, "a session with the modem failed");
    session.end(end);
    return end;
  }

  /** True when the same port is to be used for another session. */
  async #after(end: SessionEnd, connection: Connection, brokenStarts: number): Promise<boolean> {
    switch (end.kind) {
      case "stopped":
      case "lost":
        return false;
      case "restarted":
        this.#board.to("starting", end.detail);
        return brokenStarts <= LIMITS.restartsMax || this.#climber.climb("talk", end.detail, connection);
      case "mute":
        return this.#climber.climb("talk", end.detail, connection);
      case "unfit":
        return this.#climber.climb("radio-cycle", end.detail, connection);
    }
  }
}

function ignore(): void {}

function notSent(reason: string): SubmitOutcome {
  return { kind: "not-sent", reason };
}

/** A device that was unplugged is looked for every second; others are asked less and less. */
function reopenDelayMs(error: PortError, refusals: number): number {
  if (error.remote) return Math.min(LIMITS.reopenMs * 2 ** Math.min(refusals, 10), LIMITS.reopenMsMax);
  return error.code === "missing" ? LIMITS.reopenMs : LIMITS.reopenRefusedMs;
}
