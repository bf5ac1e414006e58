/** Where the scheduler's own files lie. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const MIGRATIONS = fileURLToPath(new URL("./migrations", import.meta.url));

export function versionOf(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
