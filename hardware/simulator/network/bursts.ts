/** Many incoming messages, one after the other or at once, with their parts in any order. */
import type { PartOrder } from "#hardware/simulator/faults/actions.ts";
import type { Clock } from "#shared/clock.ts";

export interface BurstOptions {
  readonly count: number;
  readonly everyMs: number;
}

export interface BurstNetwork<M> {
  sendToSim(message: M): number;
}

const COUNT_MAX = 10_000;

/** Each text gets its number behind it when there are several. Returns the parts of the first one. */
export function sendBurst<M extends { readonly text: string }>(
  network: BurstNetwork<M>,
  clock: Clock,
  message: M,
  { count, everyMs }: BurstOptions,
): number {
  const last = Math.min(count, COUNT_MAX);
  const send = (n: number): number =>
    network.sendToSim(last === 1 ? message : { ...message, text: `${message.text} ${n}` });
  const continueFrom = (n: number): void => {
    if (n > last) return;
    clock.timer(everyMs, () => {
      send(n);
      continueFrom(n + 1);
    });
  };
  const parts = send(1);
  if (everyMs > 0) continueFrom(2);
  else for (let n = 2; n <= last; n++) send(n);
  return parts;
}

/** Parts as they arrive; `missing` leaves out the last one, `duplicated` brings the first one twice. */
export function arranged<T>(parts: readonly T[], order: PartOrder | undefined): readonly T[] {
  switch (order) {
    case "reversed":
      return parts.toReversed();
    case "missing":
      return parts.length > 1 ? parts.slice(0, -1) : parts;
    case "duplicated":
      return [...parts.slice(0, 1), ...parts];
    default:
      return parts;
  }
}
