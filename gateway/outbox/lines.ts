/** The lines that messages stand in: one for each set of SIM classes, and one lane for each SIM. */
import { Heap } from "./heap.ts";
import { type LineKey, Reach } from "./reach.ts";
import type { SimSlot } from "./slot.ts";
import { type Ticket, ticketBefore, type Waiting } from "./waiting.ts";

interface Line {
  readonly key: LineKey;
  readonly heap: Heap<Ticket>;
}

export class Lines {
  readonly #reach: Reach;
  readonly #lines = new Map<LineKey, Line>();
  /** The lines that a class of SIMs serves. */
  readonly #served = new Map<number, Line[]>();

  constructor(reach: Reach) {
    this.#reach = reach;
  }

  toLane(slot: SimSlot, entry: Waiting): void {
    slot.lane.push(ticketFor(entry));
  }

  /** Undefined when no SIM may ever send it; then it stands nowhere. */
  toLine(entry: Waiting): LineKey | undefined {
    const key = this.#reach.lineFor(entry.recipient);
    if (key === undefined) return undefined;
    let line = this.#lines.get(key);
    if (line === undefined) {
      line = { key, heap: new Heap(ticketBefore) };
      this.#lines.set(key, line);
      this.#served.clear();
    }
    line.heap.push(ticketFor(entry));
    return key;
  }

  serves(slot: SimSlot, key: LineKey): boolean {
    return Reach.includes(key, this.#reach.classOf(slot.limits));
  }

  /** The first ticket of all that this SIM may take; it stays in its heap until it is void. */
  best(slot: SimSlot): Ticket | undefined {
    let best = head(slot.lane);
    for (const line of this.#linesOf(slot)) {
      const first = head(line.heap);
      if (first !== undefined && (best === undefined || ticketBefore(first, best))) best = first;
    }
    return best;
  }

  #linesOf(slot: SimSlot): readonly Line[] {
    const simClass = this.#reach.classOf(slot.limits);
    let lines = this.#served.get(simClass);
    if (lines === undefined) {
      lines = [...this.#lines.values()].filter(({ key }) => Reach.includes(key, simClass));
      this.#served.set(simClass, lines);
    }
    return lines;
  }
}

function ticketFor(entry: Waiting): Ticket {
  const ticket: Ticket = { entry, priority: entry.priority, order: entry.message };
  entry.ticket = ticket;
  return ticket;
}

/** The first valid ticket; void ones before it are thrown away. */
function head(heap: Heap<Ticket>): Ticket | undefined {
  for (let first = heap.peek(); first !== undefined; first = heap.peek()) {
    if (first.entry.ticket === first) return first;
    heap.pop();
  }
  return undefined;
}
