/** A message that waits in memory for its turn. The rows are the truth; this is only its place in line. */
import type { Routing } from "./routing.ts";

export interface Waiting {
  readonly message: number;
  readonly recipient: string;
  readonly priority: number;
  readonly segments: number;
  routing: Routing;
  /** Its valid ticket, where it stands in a line. Older tickets in heaps are void. */
  ticket: Ticket | undefined;
  /** A send loop has it. */
  taken: boolean;
  /** Something else changed its rows meanwhile; read them again when the loop lets go. */
  stale: boolean;
  /** It waits no more. */
  gone: boolean;
}

export interface Ticket {
  readonly entry: Waiting;
  readonly priority: number;
  readonly order: number;
}

/** Higher priority first, then first come, first served: numbers are given at acceptance. */
export function ticketBefore(a: Ticket, b: Ticket): boolean {
  return a.priority === b.priority ? a.order < b.order : a.priority > b.priority;
}
