/** Where the gateway's database lies, and what makes its tables. */
import { join } from "node:path";

/** Numbered SQL, applied in order; see `shared/sqlite.ts`. */
export const GATEWAY_MIGRATIONS = join(import.meta.dirname, "migrations");

export function databasePathIn(dataDir: string): string {
  return join(dataDir, "gateway.db");
}
