/**
 * One life of a modem on one open port: from the first AT to the end of the port, a restart of the
 * modem, or its silence. A session is used once; what comes after is a new one, which knows nothing.
 */
import { type Channel, createChannel } from "#hardware/at/channel.ts";
import { createWireQueue, type WireQueue } from "#hardware/at/queue.ts";
import type { Token } from "#hardware/at/tokenizer.ts";
import type { ModemDeps } from "./deps.ts";
import type { Remedy } from "./failure-count.ts";
import { createHousekeeping, type Housekeeping } from "./housekeeping.ts";
import { createMailbox, type Mailbox } from "./mailbox.ts";
import type { ModemMemory } from "./memory.ts";
import { createOutgoing, type Outgoing } from "./outgoing.ts";
import { isRegistered, registrationOf } from "./registration.ts";
import type { SessionEnd } from "./session-end.ts";
import { LIMITS } from "./settings.ts";
import { createShelf } from "./shelf.ts";
import type { StartFacts } from "./start-up/context.ts";
import { noFacts, type StartResult, startUp } from "./start-up/start-up.ts";
import { NO_NETWORK, type StatusBoard } from "./status-board.ts";
import { createStoredEntries, type StoredEntries } from "./stored-entries.ts";
import { classifyUrc, type Urc } from "./urc.ts";

export interface Session {
  readonly facts: StartFacts;
  /** It came through the start-up dialogue. */
  readonly started: boolean;
  /** It has worked for long enough to be trusted. */
  readonly proven: boolean;
  run(): Promise<SessionEnd>;
  feed(bytes: Uint8Array): void;
  readonly outgoing: Outgoing;
  /** Undefined until it has started. */
  readonly entries: StoredEntries | undefined;
  end(end: SessionEnd): void;
}

export function createSession(
  deps: ModemDeps,
  board: StatusBoard,
  memory: ModemMemory,
  write: (bytes: Uint8Array) => void,
): Session {
  return new ModemSession(deps, board, memory, write);
}

/** A port full of noise (a DIAG port, a wrong baud rate) must not fill the log. */
const STRANGE_LINES_LOGGED = 20;

class ModemSession implements Session {
  readonly facts: StartFacts = noFacts();
  readonly outgoing: Outgoing;
  entries: StoredEntries | undefined;
  started = false;
  readonly #deps: ModemDeps;
  readonly #board: StatusBoard;
  readonly #memory: ModemMemory;
  readonly #channel: Channel;
  readonly #queue: WireQueue = createWireQueue();
  readonly #ended = Promise.withResolvers<SessionEnd>();
  readonly #abort = new AbortController();
  readonly #openedAt: number;
  readonly #partsUp = new Set<string>();
  #strangeLines = 0;
  #mailbox: Mailbox | undefined;
  #housekeeping: Housekeeping | undefined;

  constructor(deps: ModemDeps, board: StatusBoard, memory: ModemMemory, write: (bytes: Uint8Array) => void) {
    this.#deps = deps;
    this.#board = board;
    this.#memory = memory;
    this.#openedAt = deps.clock.monotonic();
    this.#channel = createChannel({
      write,
      clock: deps.clock,
      onUnsolicited: (token) => this.#unsolicited(token),
      onUnanswered: () => this.#unanswered(),
    });
    this.outgoing = createOutgoing({
      channel: this.#channel,
      queue: this.#queue,
      facts: this.facts,
      settings: deps.settings,
      clock: deps.clock,
      late: deps.events.late,
      memory,
      remedy: (remedy, detail) => this.#remedy(remedy, detail),
      referenceNotKept: () => this.#distrustReference(),
    });
  }

  get proven(): boolean {
    const age = this.#deps.clock.monotonic() - this.#openedAt;
    return this.started && (this.outgoing.answered || age >= LIMITS.provenMs);
  }

  feed(bytes: Uint8Array): void {
    this.#channel.feed(bytes);
  }

  end(end: SessionEnd): void {
    if (this.#abort.signal.aborted) return;
    this.#abort.abort();
    this.#mailbox?.close();
    this.#channel.close(end.detail);
    this.#ended.resolve(end);
  }

  async run(): Promise<SessionEnd> {
    const { clock, log, settings, pinMemory } = this.#deps;
    const context = {
      channel: this.#channel,
      clock,
      log,
      settings,
      pinMemory,
      memory: this.#memory,
      board: this.#board,
      signal: this.#abort.signal,
    };
    const result = await this.#queue.add("acknowledge", () => startUp(context, this.facts));
    this.#afterStart(result);
    return this.#ended.promise;
  }

  #afterStart(result: StartResult): void {
    switch (result.kind) {
      case "started":
        this.#operate();
        break;
      case "blocked":
        this.#board.know({ ...NO_NETWORK, sim: undefined, serviceCentre: undefined });
        this.#board.to("sim-blocked", result.detail);
        void this.#keeper().watchSim();
        break;
      case "mute":
      case "unfit":
        this.end(result);
        break;
      case "cut":
        this.end({ kind: "lost", detail: result.detail });
        break;
    }
  }

  #keeper(): Housekeeping {
    const { clock, log, settings } = this.#deps;
    this.#housekeeping ??= createHousekeeping({
      channel: this.#channel,
      queue: this.#queue,
      facts: this.facts,
      board: this.#board,
      clock,
      log,
      settings,
      signal: this.#abort.signal,
      registrationChanged: () => this.#showRegistration(),
      end: (end) => this.end(end),
      dropLink: () => this.outgoing.dropLink(),
      betweenMessages: () => this.outgoing.betweenMessages(),
    });
    return this.#housekeeping;
  }

  #operate(): void {
    const { clock, log, events } = this.#deps;
    const shelf = createShelf(this.#channel, this.facts.storages);
    const base = { channel: this.#channel, queue: this.#queue, shelf, facts: this.facts, log };
    const full = (): void => this.#housekeeping?.sweepSoon();
    const entries = createStoredEntries({ ...base, memory: this.#memory, full });
    this.entries = entries;
    this.#mailbox = createMailbox({
      ...base,
      events,
      clock,
      foundOutgoing: (stored) => entries.found(stored),
    });
    this.started = true;
    this.#showRegistration();
    void this.#keeper().work(this.#mailbox);
  }

  #showRegistration(): void {
    if (!this.started || this.#abort.signal.aborted) return;
    this.#board.know({ registration: registrationOf(this.facts.registration) });
    if (isRegistered(this.facts.registration)) this.#board.to("ready", "takes messages");
    else this.#board.to("searching", "not registered with a network");
  }

  /** Its file would be taken for proof that nothing was sent. */
  #distrustReference(): void {
    const { facts } = this;
    this.#memory.referenceNotKept.add(facts.identity.imei);
    facts.identity = { ...facts.identity, keepsLastReference: false };
    this.#board.know({ modem: facts.identity });
    this.#deps.log.warn({}, "the SIM's last reference is not the modem's: it is not used any more");
  }

  #remedy(remedy: Exclude<Remedy, "none">, detail: string): void {
    switch (remedy) {
      case "clean-storage":
        this.#housekeeping?.sweepSoon();
        break;
      case "check-network":
        this.#housekeeping?.askNetworkSoon();
        break;
      case "check-sim":
        this.end({ kind: "restarted", detail });
        break;
      case "reset":
        this.end({ kind: "unfit", detail: `the modem says "${detail}" again and again` });
        break;
    }
  }

  /** The step is found again at once, and not only when the next command is due. */
  #unanswered(): void {
    if (this.#housekeeping === undefined || this.#abort.signal.aborted) return;
    void this.#queue.add("acknowledge", async () => {
      if (!(await this.#channel.findStep()))
        this.end({ kind: "mute", detail: "the modem does not answer any more" });
      // It may have restarted without a word, and then its next reference tells nothing.
      else await this.#housekeeping?.checkSettingsNow();
    });
  }

  #unsolicited(token: Token): void {
    if (this.#abort.signal.aborted) return;
    const urc = classifyUrc(token, this.facts.profile);
    switch (urc.kind) {
      case "stored":
        if (urc.index === undefined) this.#housekeeping?.sweepSoon();
        else this.#mailbox?.announced(urc.storage, urc.index);
        break;
      case "direct":
        this.#mailbox?.arrived(urc.what, urc.pdu);
        break;
      case "registration":
        this.facts.registration[urc.domain] = urc.stat;
        this.#showRegistration();
        break;
      case "boot":
        this.#boot(urc);
        break;
      case "sim-changed":
        // While starting, the dialogue itself finds out.
        if (this.#housekeeping !== undefined) this.#endWhenHeardOut(`the SIM changed (${urc.line})`);
        break;
      case "text-mode":
        this.#endWhenHeardOut("the modem talks in text mode, so it has lost its settings");
        break;
      case "storage-full":
        this.#deps.log.warn({ line: urc.line }, "the modem's storage is full");
        this.#housekeeping?.sweepSoon();
        break;
      case "ring":
        this.#housekeeping?.hangUpSoon();
        break;
      case "late-reference":
      case "late-error":
        this.outgoing.lateAnswer(urc);
        break;
      case "strange":
        this.#strange(urc.line);
        break;
      case "noise":
        break;
    }
  }

  /** Not while a submit is on the air: nothing may be written then, and its answer may still come. */
  #endWhenHeardOut(detail: string): void {
    void this.#queue.add("acknowledge", async () => this.end({ kind: "restarted", detail }));
  }

  /** Only the name of a line is logged: what follows may be a number or a text of somebody. */
  #strange(line: string): void {
    if (++this.#strangeLines > STRANGE_LINES_LOGGED) return;
    const name = /^[+^#*%$_!&][A-Z0-9_]+/i.exec(line)?.[0] ?? `${line.length} characters`;
    this.#deps.log.debug({ line: name, count: this.#strangeLines }, "the modem said something unknown");
  }

  /**
   * A part that comes up may still belong to the start we know of: each one once, in the first minute.
   * Then only the settings are looked at. Anything else is a new start, and a submit on the air is lost.
   */
  #boot(urc: Extract<Urc, { kind: "boot" }>): void {
    const age = this.#deps.clock.monotonic() - this.#openedAt;
    if (!urc.certain && age < LIMITS.bootTailMs && !this.#partsUp.has(urc.line)) {
      this.#partsUp.add(urc.line);
      this.#housekeeping?.checkSettingsSoon();
      return;
    }
    if (urc.certain || this.#housekeeping !== undefined) {
      this.end({ kind: "restarted", detail: `the modem restarted (${urc.line})` });
    }
  }
}
