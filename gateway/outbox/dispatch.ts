/**
 * Who sends what next. An index in memory of every message that waits, rebuilt from the rows at start:
 * lines that several SIMs share, a lane for each SIM, and those that wait for a time. A free SIM takes
 * the most urgent and then the oldest message that it may send, so load spreads by itself; when several
 * are idle, a new message wakes the least loaded.
 */
import type { Accepted, Entry, Ledger } from "#gateway/messages/ledger.ts";
import type { Clock } from "#shared/clock.ts";
import { Alarm } from "./alarm.ts";
import { type Choice, chooseSim, leastLoaded } from "./choose-sim.ts";
import { mayReach } from "./limits.ts";
import { Lines } from "./lines.ts";
import { type FleetLimits, Reach } from "./reach.ts";
import { allRoutings, type Routing, routingOf } from "./routing.ts";
import { Senders } from "./senders.ts";
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
  readonly #lines: Lines;
  readonly #senders: Senders;
  readonly #delays: Alarm<Waiting>;
  readonly #absences: Alarm<SimSlot>;
  /** Messages for which no SIM is there now. */
  readonly #stranded = new Set<Waiting>();

  constructor(deps: DispatchDeps) {
    this.#deps = deps;
    this.#senders = new Senders(deps.ledger.db);
    this.#lines = new Lines(new Reach(deps.limits));
    this.#delays = new Alarm(deps.clock, (entry) => this.#due(entry));
    this.#absences = new Alarm(deps.clock, (slot) => {
      if (!slot.serving) this.#letGo(slot);
    });
    deps.ledger.onCommitted((entry) => this.#follow(entry));
  }

  /** Reads everything that waits. Call once, before the first message is accepted. */
  load(): void {
    for (const routing of allRoutings(this.#deps.ledger.db)) this.#enter(routing);
  }

  close(): void {
    this.#delays.close();
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
    this.#replace(slot.lane.drain());
  }

  /** Ready or not, parked or released: messages may have to find another way, or find one at last. */
  changed(slot: SimSlot): void {
    if (slot.works) {
      const stranded = [...this.#stranded];
      this.#stranded.clear();
      for (const entry of stranded) this.#place(entry);
      slot.ring();
      return;
    }
    if (slot.serving) this.#absences.set(this.#deps.clock.now() + PATIENCE_MS, slot);
    else this.#letGo(slot);
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
      const ticket = this.#lines.best(slot);
      if (ticket === undefined) return NOTHING;
      const { entry } = ticket;
      const waitMs = slot.waitMs(entry.routing.waiting);
      if (waitMs > 0) {
        if (waitMs >= PATIENCE_MS) this.#letGo(slot);
        return { kind: "wait", waitMs };
      }
      entry.ticket = undefined;
      if (!this.#mayTake(slot, entry)) continue;
      entry.taken = true;
      this.#senders.taken(entry.recipient, slot.sim);
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
    if (how === "over" && !entry.stale) this.#entries.delete(entry.message);
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
    const { message, recipient, priority, segments } = routing;
    let entry = this.#entries.get(message);
    if (entry === undefined) {
      entry = {
        message,
        recipient,
        priority,
        segments,
        routing,
        ticket: undefined,
        taken: false,
        stale: false,
      };
      this.#entries.set(message, entry);
    }
    entry.routing = routing;
    entry.stale = false;
    this.#place(entry);
  }

  #forget(entry: Waiting): void {
    entry.ticket = undefined;
    this.#stranded.delete(entry);
    this.#entries.delete(entry.message);
  }

  #place(entry: Waiting): void {
    const { routing } = entry;
    entry.ticket = undefined;
    this.#stranded.delete(entry);
    if (routing.held) return;
    if (routing.notBefore !== undefined && routing.notBefore > this.#deps.clock.now()) {
      this.#delays.set(routing.notBefore, entry);
      return;
    }
    const choice = this.#choose(entry);
    if (choice.kind === "none") this.#stranded.add(entry);
    else if (choice.kind === "any") this.#toLine(entry);
    else this.#toLane(entry, choice.sim);
  }

  /** A message that nothing sets apart is looked at by one lookup; only the others need the fleet. */
  #choose(entry: Waiting): Choice {
    const { wanted, bound, exhausted } = entry.routing;
    const known = wanted === undefined && bound === undefined ? this.#stickySlot(entry) : undefined;
    const slots = wanted === undefined && exhausted.length === 0 ? [] : [...this.#slots.values()];
    if (known !== undefined && slots.length === 0) slots.push(known);
    return chooseSim(
      { wanted, bound, exhausted, sticky: known?.sim },
      slots.map((slot) => slot.candidateFor(entry.recipient)),
    );
  }

  #stickySlot(entry: Waiting): SimSlot | undefined {
    const sim = this.#senders.of(entry.recipient);
    return sim === undefined ? undefined : this.#slots.get(sim);
  }

  #toLane(entry: Waiting, sim: number): void {
    const slot = this.#slots.get(sim);
    if (slot === undefined) {
      this.#stranded.add(entry);
      return;
    }
    this.#lines.toLane(slot, entry);
    if (slot.idle) slot.ring();
  }

  #toLine(entry: Waiting): void {
    const line = this.#lines.toLine(entry);
    if (line === undefined) {
      this.#forget(entry);
      this.#deps.unreachable(entry.message);
      return;
    }
    this.#wakeOne(
      entry,
      [...this.#slots.values()].filter((slot) => slot.idle && this.#lines.serves(slot, line)),
    );
  }

  /** The least loaded of those that may go at once; when limits hold all of them, each sets its own timer. */
  #wakeOne(entry: Waiting, idle: readonly SimSlot[]): void {
    const free = idle.filter((slot) => slot.works && slot.waitMs(entry.routing.waiting) === 0);
    const best =
      free.length > 1 ? leastLoaded(free.map((slot) => slot.candidateFor(entry.recipient))) : undefined;
    const woken = best === undefined ? free[0] : free.find(({ sim }) => sim === best.sim);
    if (woken !== undefined) woken.ring();
    else for (const slot of idle) slot.ring();
  }

  /** The last look before a SIM takes a message from the head of a line. */
  #mayTake(slot: SimSlot, entry: Waiting): boolean {
    const { notAfter, bound, wanted } = entry.routing;
    // Its alarm rings in this very moment and marks it as expired.
    if (notAfter !== undefined && notAfter <= this.#deps.clock.now()) return false;
    if (!this.#deps.unresolved.roomFor(slot.sim, entry.recipient)) {
      this.#delays.set(this.#deps.clock.now() + CROWDED_WAIT_MS, entry);
      return false;
    }
    if (bound !== undefined || wanted !== undefined || entry.routing.exhausted.length > 0) return true;
    // Since it was put in line, an earlier message may have given its recipient a sender of its own.
    const known = this.#stickySlot(entry);
    if (known === undefined || known === slot || !known.serving) return true;
    if (!known.candidateFor(entry.recipient).allowed) return true;
    this.#toLane(entry, known.sim);
    return false;
  }

  #due(entry: Waiting): void {
    if (!entry.taken && entry.ticket === undefined && this.#entries.get(entry.message) === entry)
      this.#place(entry);
  }

  #letGo(slot: SimSlot): void {
    this.#replace(slot.lane.drain());
  }

  #replace(tickets: readonly { readonly entry: Waiting }[]): void {
    for (const ticket of tickets) if (ticket.entry.ticket === ticket) this.#place(ticket.entry);
  }
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
