/** The thread that touches the bytes of a file: whatever they are, they can end nothing but this thread. */
import { parentPort, workerData } from "node:worker_threads";
import { BATCHES_UNDER_WAY } from "./limits.ts";
import { packRead } from "./packed.ts";
import type { FromReader, ReaderTask } from "./protocol.ts";
import { batchesOf, previewOf } from "./read-file.ts";
import type { ReadingSettings } from "./record.ts";
import { FileRefused } from "./refused.ts";
import { openSource, type RowSource } from "./source.ts";

const task = workerData as ReaderTask;

function tell(message: FromReader): void {
  parentPort?.postMessage(message);
}

try {
  const source = await openSource(task.path, task.options);
  try {
    if (task.settings === undefined) tell({ kind: "preview", ...(await previewOf(source)) });
    else await readAll(source, task.settings);
  } finally {
    await source.close();
  }
} catch (error) {
  if (!(error instanceof FileRefused)) throw error;
  const { code, detail, row } = error;
  tell({ kind: "refused", code, detail, ...(row === undefined ? {} : { row }) });
}
parentPort?.close();

async function readAll(source: RowSource, settings: ReadingSettings): Promise<void> {
  const room = createRoom();
  for await (const batch of batchesOf(source, settings)) {
    await room.take();
    tell({ kind: "rows", packed: packRead(batch.rows), done: batch.done });
  }
  tell({ kind: "end" });
}

/** Counts the batches under way: memory is theirs, however slow the ledger is. */
function createRoom() {
  let free = BATCHES_UNDER_WAY;
  let wake: (() => void) | undefined;
  parentPort?.on("message", () => {
    free++;
    wake?.();
  });
  return {
    async take(): Promise<void> {
      while (free === 0)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      free--;
    },
  };
}
