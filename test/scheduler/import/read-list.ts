/** A list read to its end, as the import reads it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RawRow } from "#scheduler/import/cell.ts";
import { openSource, type SourceOptions } from "#scheduler/import/source.ts";

export async function readList(content: string | Uint8Array, options: Partial<SourceOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "dunlin-list-"));
  const path = join(folder, "list");
  writeFileSync(path, content);
  const rows: RawRow[] = [];
  try {
    const source = await openSource(path, { country: "DE", ...options });
    try {
      for await (const batch of source.rows()) rows.push(...batch);
    } finally {
      await source.close();
    }
    return { format: source.format, rows };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
