/** The settings of a command: the file it was given, or the one that lies there. */
import { existsSync, mkdirSync } from "node:fs";
import type { Command } from "commander";
import { type GatewaySettings, loadGatewaySettings } from "#gateway/config.ts";
import { databasePathIn, GATEWAY_MIGRATIONS } from "#gateway/database.ts";
import type { LoadedSettings } from "#shared/config.ts";
import { Database } from "#shared/sqlite.ts";
import { CliError, type CliIo } from "./io.ts";

const DEFAULT_FILE = "dunlin.toml";

export interface SettingsFlags {
  readonly config?: string;
  readonly dataDir?: string;
  readonly set?: readonly string[];
}

export function withSettingsOptions(command: Command): Command {
  return command
    .option(
      "-c, --config <file>",
      `settings in TOML (default: $DUNLIN_CONFIG, or ${DEFAULT_FILE} if it is there)`,
    )
    .option("--data-dir <folder>", "folder of the database")
    .option("--set <name=value>", "any setting, such as numbers.homeCountry=DE; may be repeated", collect);
}

export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** @throws SettingsError, CliError */
export function loadCliSettings(
  io: CliIo,
  flags: SettingsFlags,
  more: Readonly<Record<string, unknown>> = {},
): LoadedSettings<GatewaySettings> {
  const file =
    flags.config ?? io.environment.DUNLIN_CONFIG ?? (existsSync(DEFAULT_FILE) ? DEFAULT_FILE : undefined);
  const set = Object.fromEntries((flags.set ?? []).map(splitSetting));
  const named = { ...(flags.dataDir === undefined ? {} : { dataDir: flags.dataDir }), ...more };
  return loadGatewaySettings({ file, environment: io.environment, flags: { ...set, ...named } });
}

function splitSetting(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at <= 0) throw new CliError(`--set ${text}: write name=value, such as http.port=9000`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** The gateway's database, also while the gateway runs. Closed when the work is done. */
export async function withDatabase<T>(dataDir: string, work: (db: Database) => Promise<T>): Promise<T> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const db = new Database({ path: databasePathIn(dataDir), migrations: GATEWAY_MIGRATIONS });
  try {
    return await work(db);
  } finally {
    db.close();
  }
}
