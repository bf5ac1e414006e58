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
import type { FileReader, ReadBatch } from "./read-file.ts";
import type { ReadingSettings } from "./record.ts";
import { FileRefused } from "./refused.ts";

const YOUNG_GENERATION_MIB = 16;
const STACK_MIB = 4;

export function createGuardedReader(clock: Clock): FileReader {
  return {
    async open(path, options, signal) {
      const thread = startThread({ path, options }, clock, signal);
      try {
        const first = await thread.next();
        if (first?.kind !== "preview")
          throw signal?.aborted
            ? new FileRefused("cancelled", "Cancelled before anything was read.")
            : new FileRefused("file_empty", "The file has no rows.");
        const { format, rows } = first;
        const preview = { format, rows };
        return { preview, rows: (settings) => rowsOf(thread, settings), close: thread.close };
      } catch (error) {
        await thread.close();
        throw error;
      }
    },
  };
}

async function* rowsOf(thread: ReadingThread, settings: ReadingSettings): AsyncGenerator<ReadBatch> {
  thread.tell({ kind: "read", settings });
  for (let message = await thread.next(); message !== undefined; message = await thread.next()) {
    if (message.kind !== "rows") continue;
    yield { rows: unpackRead(message.packed), done: message.done };
    thread.tell({ kind: "more" });
    // Node hands over waiting messages one after the other; without this, everything else would wait.
    await setImmediate();
  }
}

type Event =
  | FromReader
  | { readonly kind: "failed"; readonly error: Error }
  | { readonly kind: "stalled" | "aborted" };

interface ReadingThread {
  /** Undefined at the end, and when the signal aborted. @throws FileRefused */
  next(): Promise<Extract<FromReader, { kind: "preview" | "rows" }> | undefined>;
  tell(message: ToReader): void;
  close(): Promise<void>;
}

function startThread(task: ReaderTask, clock: Clock, signal: AbortSignal | undefined): ReadingThread {
  const worker = new Worker(new URL("./reader-thread.ts", import.meta.url), {
    workerData: task,
    resourceLimits: {
      maxOldGenerationSizeMb: READER_HEAP_MIB,
      maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB,
      stackSizeMb: STACK_MIB,
    },
  });
  const inbox = createInbox(worker, signal);
  return {
    async next() {
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
          return undefined;
        case "refused":
          throw new FileRefused(event.code, event.detail, event.row);
        case "preview":
        case "rows":
          return event;
      }
    },
    tell: (message) => worker.postMessage(message),
    async close() {
      inbox.close();
      await worker.terminate();
    },
  };
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
