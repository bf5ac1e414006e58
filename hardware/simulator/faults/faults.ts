/**
 * What goes wrong, where and when. A fault is armed with a point of the dialogue, an action and a
 * trigger; the modem and the network ask at each point whether one fires. A list of faults is plain
 * JSON, so that what happened to somebody can be written down and played again.
 */
import type { Random } from "#shared/random.ts";

/**
 * - `command`: a command line has come
 * - `prompt`: the modem is about to ask for the PDU
 * - `pdu`: the first octets of the PDU have come
 * - `submit`: Ctrl-Z has come, the service centre has not seen the message yet
 * - `accepted`: the service centre has it, the modem has not answered yet
 * - `answer`: a command's result is about to be written
 * - `report`: the service centre is about to send a status report
 */
export type FaultPoint = "command" | "prompt" | "pdu" | "submit" | "accepted" | "answer" | "report";

export type FaultAction =
  /** `answer`: information lines come, the final result does not. */
  | { readonly kind: "drop-final" }
  /** `answer`: the final result comes, `+CMGS: n` and other information lines do not. */
  | { readonly kind: "drop-info" }
  /** `answer`: nothing comes. */
  | { readonly kind: "drop-answer" }
  /** `answer`: everything comes, but later. */
  | { readonly kind: "delay-answer"; readonly ms: number }
  /** `prompt`: the modem waits for the PDU but does not say so. */
  | { readonly kind: "drop-prompt" }
  /** Any point: nothing is read or written for `ms`, or until reset when absent. */
  | { readonly kind: "mute"; readonly ms?: number }
  /** Any point but `report`: the modem restarts. */
  | { readonly kind: "reset" }
  /** Any point but `report`: the port goes away, and comes back after `replugAfterMs` when given. */
  | { readonly kind: "unplug"; readonly replugAfterMs?: number }
  /** `command`, `submit`: `+CMS ERROR` with this code and nothing sent; without `cms` a bare ERROR. */
  | { readonly kind: "refuse"; readonly cms?: number }
  /** `accepted`: the ledger has the message, the modem says `+CMS ERROR`. */
  | { readonly kind: "accept-but-error"; readonly cms: number }
  /** `report`: it never comes. */
  | { readonly kind: "lose-report" }
  /** `report`: later than usual by `ms`. */
  | { readonly kind: "delay-report"; readonly ms: number }
  /** `report`: it comes before the answer to the submit. */
  | { readonly kind: "early-report" }
  /** `report`: `copies` more of the same. */
  | { readonly kind: "duplicate-report"; readonly copies?: number }
  /** `report`: one with this TP-ST (0x20..0x3F, still trying) comes first, the real one `ms` later. */
  | { readonly kind: "intermediate-report"; readonly status?: number; readonly ms?: number }
  /** `report`: TP-ST of the only report, e.g. 0x46 for an expired message. */
  | { readonly kind: "report-status"; readonly status: number };

export interface FaultSpec {
  readonly at: FaultPoint;
  readonly action: FaultAction;
  /** Modem by name; any when absent. */
  readonly modem?: string;
  /** For `command` and `answer`: a command's name, e.g. `+CMGS`; any when absent. */
  readonly command?: string;
  /** Recipient as dialled with `+` when international, or a regular expression between slashes. */
  readonly recipient?: string;
  /** Fires at this matching occasion, counted from 1 at arming. */
  readonly nth?: number;
  /** Fires at every so many matching occasions. */
  readonly every?: number;
  /** Fires by chance, 0..1. */
  readonly probability?: number;
  /** Fires at most so often; once when only `nth` or nothing is given, else without end. */
  readonly times?: number;
}

export interface ArmedFault extends FaultSpec {
  readonly id: string;
  readonly seen: number;
  readonly fired: number;
}

/** What is known at the point where a fault may fire. */
export interface Occasion {
  readonly modem: string;
  readonly command?: string;
  readonly recipient?: string;
}

interface State {
  readonly id: string;
  readonly spec: FaultSpec;
  readonly pattern: RegExp | undefined;
  seen: number;
  fired: number;
}

const FAULTS_MAX = 1_000;

/** Which actions make sense where; arming anything else is refused. */
const ACTIONS: Readonly<Record<FaultPoint, readonly FaultAction["kind"][]>> = {
  command: ["mute", "reset", "unplug", "refuse"],
  prompt: ["drop-prompt", "mute", "reset", "unplug"],
  pdu: ["mute", "reset", "unplug"],
  submit: ["refuse", "mute", "reset", "unplug"],
  accepted: ["accept-but-error", "mute", "reset", "unplug"],
  answer: ["drop-final", "drop-info", "drop-answer", "delay-answer", "mute", "reset", "unplug"],
  report: [
    "lose-report",
    "delay-report",
    "early-report",
    "duplicate-report",
    "intermediate-report",
    "report-status",
  ],
};

/** Says what is wrong with a fault and what would be right. */
export class FaultRefused extends Error {
  override name = "FaultRefused";
}

export class Faults {
  readonly #random: Random;
  readonly #armed: State[] = [];
  #nextId = 1;

  constructor(random: Random) {
    this.#random = random;
  }

  /** False while nothing is armed, so that the way of a message costs one comparison. */
  get active(): boolean {
    return this.#armed.length > 0;
  }

  /** @throws FaultRefused */
  arm(spec: FaultSpec): string {
    const allowed = ACTIONS[spec.at];
    if (!allowed?.includes(spec.action.kind)) {
      const choices = allowed?.join(", ") ?? Object.keys(ACTIONS).join(", ");
      throw new FaultRefused(`"${spec.action.kind}" cannot happen at "${spec.at}"; possible: ${choices}`);
    }
    if (this.#armed.length >= FAULTS_MAX) throw new FaultRefused(`more than ${FAULTS_MAX} faults are armed`);
    const id = `fault-${this.#nextId++}`;
    this.#armed.push({ id, spec, pattern: patternOf(spec.recipient), seen: 0, fired: 0 });
    return id;
  }

  disarm(id: string): boolean {
    const index = this.#armed.findIndex((state) => state.id === id);
    if (index >= 0) this.#armed.splice(index, 1);
    return index >= 0;
  }

  disarmAll(): void {
    this.#armed.length = 0;
  }

  list(): readonly ArmedFault[] {
    return this.#armed.map(({ id, spec, seen, fired }) => ({ id, ...spec, seen, fired }));
  }

  /** The action of the first armed fault that fires here. All that match count this occasion. */
  take(point: FaultPoint, occasion: Occasion): FaultAction | undefined {
    let action: FaultAction | undefined;
    for (const state of this.#armed) {
      if (state.spec.at !== point || !matches(state, occasion)) continue;
      state.seen++;
      if (action !== undefined || !this.#fires(state)) continue;
      state.fired++;
      action = state.spec.action;
    }
    return action;
  }

  #fires({ spec, seen, fired }: State): boolean {
    const repeats = spec.every !== undefined || spec.probability !== undefined;
    if (fired >= (spec.times ?? (repeats ? Number.POSITIVE_INFINITY : 1))) return false;
    if (spec.nth !== undefined && seen < spec.nth) return false;
    if (spec.every !== undefined && seen % spec.every !== 0) return false;
    return spec.probability === undefined || this.#random.float() < spec.probability;
  }
}

function patternOf(recipient: string | undefined): RegExp | undefined {
  if (recipient === undefined) return undefined;
  if (!/^\/.*\/$/.test(recipient)) return undefined;
  try {
    return new RegExp(recipient.slice(1, -1));
  } catch (error) {
    throw new FaultRefused(`recipient ${recipient} is no regular expression: ${(error as Error).message}`);
  }
}

function matches({ spec, pattern }: State, occasion: Occasion): boolean {
  if (spec.modem !== undefined && spec.modem !== occasion.modem) return false;
  if (spec.command !== undefined && spec.command !== occasion.command) return false;
  if (spec.recipient === undefined) return true;
  if (occasion.recipient === undefined) return false;
  return pattern ? pattern.test(occasion.recipient) : spec.recipient === occasion.recipient;
}
