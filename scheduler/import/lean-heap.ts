/** For a process that does nothing but import. */
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/** What the young part of the heap may grow to; a batch of rows fits several times. */
const YOUNG_BYTES = 24 * 1_048_576;

/**
 * V8 lets the young part of the heap grow to three times 32 MiB when rows outlive a few collections, and
 * never gives it back. The answer, called now and then, ends that growth at a size that is enough: a third
 * less memory for no time.
 */
export function createHeapWarden(): () => void {
  let watching = true;
  return () => {
    if (!watching) return;
    const young = getHeapSpaceStatistics().find((space) => space.space_name === "new_space");
    if (young === undefined || young.space_size < YOUNG_BYTES) return;
    setFlagsFromString("--semi-space-growth-factor=1");
    watching = false;
  };
}
