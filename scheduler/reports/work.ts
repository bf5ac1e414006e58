/**
 * Work that takes longer than a caller of HTTP waits: it is begun once, whoever asks sees how far it is, and
 * it is ended when told. A caller waits a little for work that is nearly done.
 */
import type { Clock } from "#shared/clock.ts";
import type { Watch } from "./walk.ts";

/** A caller waits this long. */
const ANSWER_WITHIN_MS = 2_000;

export interface Work<Result> {
  /** Undefined when it was ended before its end. */
  readonly result: Promise<Result | undefined>;
  progress(): { readonly done: number; readonly total: number };
  stop(): void;
  /** Returns when it has ended, or when a caller has waited long enough. @throws what the work failed of */
  waitABit(clock: Clock): Promise<void>;
}

/** @param total what is to be done, as far as that is known before the first step */
export function beginWork<Result>(
  run: (watch: Required<Watch>) => Promise<Result | undefined>,
  total = 0,
): Work<Result> {
  const ending = new AbortController();
  let now = { done: 0, total };
  const onProgress = (done: number, all: number): void => {
    now = { done, total: all };
  };
  const result = run({ signal: ending.signal, onProgress });
  // It may fail while nobody waits: that stops no process, and is told to whoever asks for the result.
  result.catch(() => undefined);
  return {
    result,
    progress: () => now,
    stop: () => ending.abort(),
    async waitABit(clock) {
      const waiting = new AbortController();
      const patience = clock.sleep(ANSWER_WITHIN_MS, AbortSignal.any([waiting.signal, ending.signal]));
      await Promise.race([result, patience]).finally(() => waiting.abort());
    },
  };
}
