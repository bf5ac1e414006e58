/**
 * Who sends what next. An index in memory of every message that waits, rebuilt from the rows at start:
 * lines that several SIMs share, a lane for each SIM, and those that wait for a time. A free SIM takes
 * the most urgent and then the oldest message that it may send, so load spreads by itself; when several
 * are idle, a new message wakes the least loaded.
 */
import type { Accepted, Entry, Ledger } from "#gateway/messages/ledger.ts";
import type { Clock } from "#shared/clock.ts";
import { Alarm } from "./alarm.ts";
import { mayReach } from "./limits.ts";
import { Places } from "./places.ts";
import type { FleetLimits } from "./reach.ts";
import { allRoutings, type Routing, routingOf } from "./routing.ts";
import { PATIENCE_MS, type SimSlot } from "./slot.ts";
import type { Unresolved } from "./unresolved.ts";
import type { Waiting } from "./waiting.ts";

/** Messages moved to their recipient's own SIM in one go before other work gets its turn. */
const REDIRECTS_MAX = 64;
/** A recipient with too many reports outstanding is looked at again after this. */
const CROWDED_WAIT_MS = 5_000;

export interface DispatchDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly limits: FleetLimits;
  readonly unresolved: Unresolved;
  /** No SIM, here or configured, may ever send this message. */
  readonly unreachable: (message: number) => void;
}

export type Offer =
  | { readonly kind: "take"; readonly entry: Waiting }
  | { readonly kind: "wait"; readonly waitMs: number }
  | { readonly kind: "nothing" };

const NOTHING: Offer = { kind: "nothing" };
/** Shared, because nearly every message has it. */
const NONE: readonly number[] = [];

export class Dispatch {
  readonly #deps: DispatchDeps;
  readonly #entries = new Map<number, Waiting>();
  readonly #slots = new Map<number, SimSlot>();
  readonly #places: Places;
  /** SIMs that went away for a moment, or for longer. */
  readonly #absences: Alarm<SimSlot>;

  constructor(deps: DispatchDeps) {
    this.#deps = deps;
    const { clock, limits, ledger } = deps;
    this.#places = new Places({
      db: ledger.db,
      clock,
      limits,
      slots: this.#slots,
      unreachable: (entry) => {
        this.#forget(entry);
        deps.unreachable(entry.message);
      },
    });
    this.#absences = new Alarm(deps.clock, (slot) => {
      if (!slot.serving) this.#places.letGo(slot);
    });
    deps.ledger.onCommitted((entry) => this.#follow(entry));
  }

  /** Reads everything that waits. Call once, before the first message is accepted. */
  load(): void {
    for (const routing of allRoutings(this.#deps.ledger.db)) this.#enter(routing);
  }

  close(): void {
    this.#places.close();
    this.#absences.close();
  }

  get messages(): number {
    return this.#entries.size;
  }

  waitingFor(sim: number): number {
    return this.#slots.get(sim)?.lane.size ?? 0;
  }

  /** Whether a SIM other than this one could take the message from here. */
  othersFor(slot: SimSlot, entry: Waiting, exhausted: readonly number[]): boolean {
    if (entry.routing.bound !== undefined || entry.routing.wanted !== undefined) return false;
    for (const other of this.#slots.values())
      if (other !== slot && !exhausted.includes(other.sim) && mayReach(other.limits, entry.recipient))
        return true;
    return false;
  }

  /** The SIM can be chosen from now on. */
  attach(slot: SimSlot): void {
    this.#slots.set(slot.sim, slot);
    this.changed(slot);
  }

  /** The SIM is in no modem any more; what is meant for it alone waits for its return. */
  detach(slot: SimSlot): void {
    if (this.#slots.get(slot.sim) === slot) this.#slots.delete(slot.sim);
    this.#places.letGo(slot);
  }

  /** Ready or not, parked or released: messages may have to find another way, or find one at last. */
  changed(slot: SimSlot): void {
    if (slot.works) {
      this.#places.placeStranded();
      slot.ring();
      return;
    }
    if (slot.serving) this.#absences.set(this.#deps.clock.now() + PATIENCE_MS, slot);
    else this.#places.letGo(slot);
    // It may have been the one that was woken for a message that others could take.
    for (const other of this.#slots.values()) if (other.idle) other.ring();
  }

  /** The next message for this SIM. The one who takes it gives it back by `finish`. */
  take(slot: SimSlot): Offer {
    if (!slot.works || this.#slots.get(slot.sim) !== slot) {
      if (slot.current !== undefined) this.finish(slot, slot.current, "again");
      return NOTHING;
    }
    if (slot.current !== undefined) {
      const waitMs = slot.waitMs(1);
      return waitMs > 0 ? { kind: "wait", waitMs } : { kind: "take", entry: slot.current };
    }
    for (let redirected = 0; redirected < REDIRECTS_MAX; redirected++) {
      const ticket = this.#places.first(slot);
      if (ticket === undefined) return NOTHING;
      const { entry } = ticket;
      const waitMs = slot.waitMs(entry.routing.waiting);
      if (waitMs > 0) {
        if (waitMs >= PATIENCE_MS) this.#places.letGo(slot);
        return { kind: "wait", waitMs };
      }
      entry.ticket = undefined;
      if (!this.#mayTake(slot, entry)) continue;
      entry.taken = true;
      this.#places.took(slot, entry);
      return { kind: "take", entry };
    }
    slot.ring();
    return NOTHING;
  }

  /**
   * - `next`: the part was sent and the next one follows at once, by the same SIM
   * - `over`: nothing of it waits any more
   * - `again`: it waits again, as its rows say
   */
  finish(slot: SimSlot, entry: Waiting, how: "next" | "over" | "again"): void {
    slot.current = undefined;
    if (how === "next" && !entry.stale) {
      const { next, waiting } = entry.routing;
      entry.routing = {
        ...entry.routing,
        next: next + 1,
        waiting: waiting - 1,
        bound: slot.sim,
        tried: true,
      };
      slot.current = entry;
      return;
    }
    entry.taken = false;
    if (how === "over" && !entry.stale) this.#forget(entry);
    else this.refresh(entry.message);
  }

  /** Puts a message where its rows say it belongs. */
  refresh(message: number): void {
    const known = this.#entries.get(message);
    if (known?.taken) {
      known.stale = true;
      return;
    }
    const routing = routingOf(this.#deps.ledger.db, message);
    if (routing !== undefined) this.#enter(routing);
    else if (known !== undefined) this.#forget(known);
  }

  #follow(entry: Entry): void {
    for (const accepted of entry.accepted) this.#enter(newcomer(accepted));
    for (const { message, from, to } of entry.moves)
      if (from === "unknown" || (from === "queued" && to !== "submitting")) this.refresh(message);
  }

  #enter(routing: Routing): void {
    const known = this.#entries.get(routing.message);
    const entry: Waiting = known ?? waiting(routing);
    if (known === undefined) this.#entries.set(routing.message, entry);
    entry.routing = routing;
    entry.stale = false;
    this.#places.place(entry);
  }

  #forget(entry: Waiting): void {
    entry.gone = true;
    this.#places.leave(entry);
    this.#entries.delete(entry.message);
  }

  /** The last look before a SIM takes a message from the head of a line. */
  #mayTake(slot: SimSlot, entry: Waiting): boolean {
    const { notAfter, bound, wanted } = entry.routing;
    // Its alarm rings in this very moment and marks it as expired.
    if (notAfter !== undefined && notAfter <= this.#deps.clock.now()) return false;
    if (!this.#deps.unresolved.roomFor(slot.sim, entry.recipient)) {
      this.#places.delay(entry, CROWDED_WAIT_MS);
      return false;
    }
    if (bound !== undefined || wanted !== undefined || entry.routing.exhausted.length > 0) return true;
    // Since it was put in line, an earlier message may have given its recipient a sender of its own.
    const known = this.#places.senderOf(entry);
    if (known === undefined || known === slot || !known.serving) return true;
    if (!known.candidateFor(entry.recipient).allowed) return true;
    this.#places.toLane(entry, known.sim);
    return false;
  }
}

function waiting(routing: Routing): Waiting {
  const { message, recipient, priority, segments } = routing;
  return {
    message,
    recipient,
    priority,
    segments,
    routing,
    ticket: undefined,
    taken: false,
    stale: false,
    gone: false,
  };
}

function newcomer(accepted: Accepted): Routing {
  const { message, recipient, priority, segments, notBefore, notAfter, wantedSim } = accepted;
  return {
    message,
    recipient,
    priority,
    segments,
    next: 1,
    waiting: segments,
    notBefore,
    notAfter,
    wanted: wantedSim,
    exhausted: NONE,
    held: false,
    tried: false,
  };
}
