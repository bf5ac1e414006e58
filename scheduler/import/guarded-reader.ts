/**
 * Reads a file in a thread with a limited heap and a limited patience. A file that runs away with memory
 * or time ends the thread, and the importer gets a refusal that says so.
 */
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { Clock } from "#shared/clock.ts";
import { READER_HEAP_MIB, READER_STALL_MS } from "./limits.ts";
import { unpackRead } from "./packed.ts";
import type { FromReader, ReaderTask, ToReader } from "./protocol.ts";
import type { FileReader } from "./read-file.ts";
import { FileRefused } from "./refused.ts";

const YOUNG_GENERATION_MIB = 16;
const STACK_MIB = 4;

export function createGuardedReader(clock: Clock): FileReader {
  return {
    async preview(path, options, signal) {
      for await (const message of converse({ path, options }, clock, signal))
        if (message.kind === "preview") return { format: message.format, rows: message.rows };
      if (signal?.aborted) throw new FileRefused("cancelled", "Cancelled before anything was read.");
      throw new FileRefused("file_empty", "The file has no rows.");
    },
    async *rows(path, options, settings, signal) {
      for await (const message of converse({ path, options, settings }, clock, signal))
        if (message.kind === "rows") yield { rows: unpackRead(message.packed), done: message.done };
    },
  };
}

type Event =
  | FromReader
  | { readonly kind: "failed"; readonly error: Error }
  | { readonly kind: "stalled" | "aborted" };

async function* converse(task: ReaderTask, clock: Clock, signal?: AbortSignal): AsyncGenerator<FromReader> {
  const worker = new Worker(new URL("./reader-thread.ts", import.meta.url), {
    workerData: task,
    resourceLimits: {
      maxOldGenerationSizeMb: READER_HEAP_MIB,
      maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB,
      stackSizeMb: STACK_MIB,
    },
  });
  const inbox = createInbox(worker, signal);
  try {
    for (;;) {
      const event = await inbox.next(clock);
      switch (event.kind) {
        case "failed":
          throw asRefusal(event.error);
        case "stalled":
          throw new FileRefused(
            "reader_time",
            "Reading it takes too long. Save it anew, as CSV if it is large.",
          );
        case "aborted":
        case "end":
          return;
        case "refused":
          throw new FileRefused(event.code, event.detail, event.row);
        case "preview":
          yield event;
          return;
        case "rows":
          yield event;
          worker.postMessage({ kind: "more" } satisfies ToReader);
          // Node hands over waiting messages one after the other; without this, everything else would wait.
          await setImmediate();
      }
    }
  } finally {
    inbox.close();
    await worker.terminate();
  }
}

/** Messages of the thread, one at a time. */
function createInbox(worker: Worker, signal: AbortSignal | undefined) {
  const waiting: Event[] = [];
  let wake: (() => void) | undefined;
  const put = (event: Event): void => {
    waiting.push(event);
    wake?.();
  };
  const onAbort = (): void => put({ kind: "aborted" });
  worker.on("message", (message: FromReader) => put(message));
  worker.on("error", (error: Error) => put({ kind: "failed", error }));
  worker.on("exit", () => put({ kind: "failed", error: new Error("the reading thread ended early") }));
  if (signal?.aborted) onAbort();
  signal?.addEventListener("abort", onAbort, { once: true });
  return {
    close: () => signal?.removeEventListener("abort", onAbort),
    async next(clock: Clock): Promise<Event> {
      if (signal?.aborted) return { kind: "aborted" };
      if (waiting.length === 0) {
        const cancel = clock.timer(READER_STALL_MS, () => put({ kind: "stalled" }));
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        cancel();
      }
      return waiting.shift() as Event;
    },
  };
}

function asRefusal(error: Error): Error {
  if ((error as { code?: string }).code !== "ERR_WORKER_OUT_OF_MEMORY") return error;
  return new FileRefused(
    "reader_memory",
    "Reading it needs more memory than is allowed. Save it anew, as CSV.",
  );
}
