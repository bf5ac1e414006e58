/**
 * Where each message that waits stands: in a line that several SIMs serve, in the lane of one SIM,
 * delayed until a time, or stranded until the fleet changes.
 */

import type { Clock } from "#shared/clock.ts";
import type { Database } from "#shared/sqlite.ts";
import { Alarm } from "./alarm.ts";
import { type Choice, chooseSim, leastLoaded } from "./choose-sim.ts";
import { Lines } from "./lines.ts";
import { type FleetLimits, Reach } from "./reach.ts";
import { Senders } from "./senders.ts";
import type { SimSlot } from "./slot.ts";
import type { Ticket, Waiting } from "./waiting.ts";

export interface PlacesDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly limits: FleetLimits;
  /** The SIMs in the fleet, by their number. */
  readonly slots: ReadonlyMap<number, SimSlot>;
  /** No SIM, here or configured, may ever send it. */
  readonly unreachable: (entry: Waiting) => void;
}

export class Places {
  readonly #deps: PlacesDeps;
  readonly #lines: Lines;
  readonly #senders: Senders;
  readonly #delays: Alarm<Waiting>;
  /** Messages for which no SIM is there now. */
  readonly #stranded = new Set<Waiting>();

  constructor(deps: PlacesDeps) {
    this.#deps = deps;
    this.#senders = new Senders(deps.db);
    this.#lines = new Lines(new Reach(deps.limits));
    this.#delays = new Alarm(deps.clock, (entry) => {
      if (!entry.taken && !entry.gone && entry.ticket === undefined) this.place(entry);
    });
  }

  close(): void {
    this.#delays.close();
  }

  /** Puts it where it belongs, and wakes a SIM that may take it. */
  place(entry: Waiting): void {
    const { routing } = entry;
    this.leave(entry);
    if (routing.held) return;
    if (routing.notBefore !== undefined && routing.notBefore > this.#deps.clock.now()) {
      this.#delays.set(routing.notBefore, entry);
      return;
    }
    const choice = this.#choose(entry);
    switch (choice.kind) {
      case "any":
        this.#toLine(entry);
        break;
      case "only":
      case "prefer":
        this.toLane(entry, choice.sim);
        break;
      case "none":
        this.#stranded.add(entry);
        break;
      case "never":
        this.#deps.unreachable(entry);
        break;
    }
  }

  /** Out of whatever line it stands in. */
  leave(entry: Waiting): void {
    entry.ticket = undefined;
    this.#stranded.delete(entry);
  }

  /** It waits for `ms`, then it is placed anew. */
  delay(entry: Waiting, ms: number): void {
    this.#delays.set(this.#deps.clock.now() + ms, entry);
  }

  toLane(entry: Waiting, sim: number): void {
    const slot = this.#deps.slots.get(sim);
    if (slot === undefined) {
      this.#stranded.add(entry);
      return;
    }
    this.#lines.toLane(slot, entry);
    if (slot.idle) slot.ring();
  }

  /** The first that this SIM may take; it stays where it is. */
  first(slot: SimSlot): Ticket | undefined {
    return this.#lines.best(slot);
  }

  /** The SIM that the recipient knows as its sender, if it is in the fleet. */
  senderOf(entry: Waiting): SimSlot | undefined {
    const sim = this.#senders.of(entry.recipient);
    return sim === undefined ? undefined : this.#deps.slots.get(sim);
  }

  took(slot: SimSlot, entry: Waiting): void {
    this.#senders.taken(entry.recipient, slot.sim);
  }

  /** What waits for this SIM, and may go another way, goes it. */
  letGo(slot: SimSlot): void {
    for (const ticket of slot.lane.drain()) if (ticket.entry.ticket === ticket) this.place(ticket.entry);
  }

  /** A SIM is there that was not: those who found none look again. */
  placeStranded(): void {
    const stranded = [...this.#stranded];
    this.#stranded.clear();
    for (const entry of stranded) this.place(entry);
  }

  /** A message that nothing sets apart is looked at by one lookup; only the others need the fleet. */
  #choose(entry: Waiting): Choice {
    const { wanted, bound, exhausted } = entry.routing;
    const known = wanted === undefined && bound === undefined ? this.senderOf(entry) : undefined;
    const slots = wanted === undefined && exhausted.length === 0 ? [] : [...this.#deps.slots.values()];
    if (known !== undefined && slots.length === 0) slots.push(known);
    return chooseSim(
      { wanted, bound, exhausted, sticky: known?.sim },
      slots.map((slot) => slot.candidateFor(entry.recipient)),
    );
  }

  #toLine(entry: Waiting): void {
    const line = this.#lines.toLine(entry);
    if (line === undefined) {
      this.#deps.unreachable(entry);
      return;
    }
    this.#wakeOne(
      entry,
      [...this.#deps.slots.values()].filter((slot) => slot.idle && this.#lines.serves(slot, line)),
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
}
