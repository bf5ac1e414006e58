/** The thread that touches the bytes of a file: whatever they are, they can end nothing but this thread. */
import { parentPort, workerData } from "node:worker_threads";
import { BATCHES_UNDER_WAY } from "./limits.ts";
import type { FromReader, ReaderTask, ToReader } from "./protocol.ts";
import { loadBatches, previewOf } from "./read-file.ts";
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
    tell({ kind: "preview", ...(await previewOf(source)) });
    await readAll(source);
  } finally {
    await source.close();
  }
} catch (error) {
  if (!(error instanceof FileRefused)) throw error;
  const { code, detail, row } = error;
  tell({ kind: "refused", code, detail, ...(row === undefined ? {} : { row }) });
}
parentPort?.close();

async function readAll(source: RowSource): Promise<void> {
  const importer = listen();
  // Loaded while the importer looks at the first rows.
  const batches = await loadBatches();
  const settings = await importer.settings;
  for await (const batch of batches(source, settings)) {
    await importer.room();
    tell({ kind: "rows", ...batch });
  }
  tell({ kind: "end" });
}

/** Counts the batches under way: memory is theirs, however slow the ledger is. */
function listen() {
  let free = BATCHES_UNDER_WAY;
  let wake: (() => void) | undefined;
  const { promise: settings, resolve } = Promise.withResolvers<ReadingSettings>();
  parentPort?.on("message", (message: ToReader) => {
    if (message.kind === "read") return resolve(message.settings);
    free++;
    wake?.();
  });
  return {
    settings,
    async room(): Promise<void> {
      while (free === 0)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      free--;
    },
  };
}
