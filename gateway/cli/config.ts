/** `dunlin config`: what is set, where it was set, and whether it makes sense. */
import { accessSync, constants, existsSync } from "node:fs";
import { Command } from "commander";
import { stringify } from "smol-toml";
import { GatewaySettings } from "#gateway/config.ts";
import { type ExplainedSetting, explainSettings } from "#shared/config.ts";
import { setAt, type Tree } from "#shared/schema-paths.ts";
import { attempt, type CliIo } from "./io.ts";
import { printJson, printTable } from "./output.ts";
import { loadCliSettings, type SettingsFlags, withSettingsOptions } from "./settings.ts";

interface PrintFlags extends SettingsFlags {
  readonly explain?: boolean;
  readonly json?: boolean;
}

const HELP = `
Each setting has a default; a TOML file changes it, the environment (DUNLIN_HTTP_PORT) changes that, and a
flag has the last word.

Examples:
  dunlin config print --explain
  dunlin config check --config /etc/dunlin/dunlin.toml`;

export function configCommand(io: CliIo): Command {
  const print = new Command("print")
    .description("Print the settings as they are, secrets masked.")
    .option("--explain", "with where each value comes from and what it means")
    .option("--json", "as JSON");
  const check = new Command("check").description("Check the settings, and name everything that looks wrong.");
  return new Command("config")
    .description("Print and check the settings.")
    .addHelpText("after", HELP)
    .addCommand(
      withSettingsOptions(print).action((flags: PrintFlags) => attempt(io, () => printConfig(io, flags))),
    )
    .addCommand(
      withSettingsOptions(check).action((flags: SettingsFlags) => attempt(io, () => checkConfig(io, flags))),
    );
}

function printConfig(io: CliIo, flags: PrintFlags): void {
  const explained = explainSettings(GatewaySettings, loadCliSettings(io, flags));
  if (flags.json === true) printJson(io, explained);
  else if (flags.explain === true) {
    const rows = explained.map((row) => [row.path, row.value, row.source, row.description]);
    printTable(io, ["SETTING", "VALUE", "FROM", "MEANING"], rows);
  } else io.out(asToml(explained));
}

function asToml(explained: readonly ExplainedSetting[]): string {
  const tree: Tree = {};
  for (const { path, value } of explained) if (value !== "") setAt(tree, path, JSON.parse(value));
  return stringify(tree);
}

function checkConfig(io: CliIo, flags: SettingsFlags): void {
  const loaded = loadCliSettings(io, flags);
  const warnings = [...loaded.warnings, ...oddities(loaded.settings)];
  for (const warning of warnings) io.err(`warning: ${warning}\n`);
  io.out(warnings.length === 0 ? "the settings are good\n" : "the settings can be used\n");
}

/** What is allowed and yet probably not meant. */
function oddities(settings: GatewaySettings): string[] {
  const { numbers, modems, dataDir, http } = settings;
  const found: string[] = [];
  if (modems.length === 0) found.push("modems: there is none, so nothing can be sent");
  if (numbers.homeCountry === undefined)
    found.push("numbers.homeCountry: is not set, so national numbers are refused");
  if (numbers.homeCountry === undefined && numbers.allowedCountries === undefined)
    found.push("numbers.allowedCountries: is not set either, so every country may be sent to");
  if (!["127.0.0.1", "::1", "localhost"].includes(http.host))
    found.push(
      `http.host: others can reach ${http.host}, and HTTP is not encrypted; put a TLS proxy before it`,
    );
  for (const { name, port } of modems) {
    if (/^\/dev\/tty(USB|ACM)\d+$/.test(port))
      found.push(
        `modems ${name}: ${port} changes when a modem resets; use its name under /dev/serial/by-path`,
      );
    if (port.startsWith("/") && !existsSync(port)) found.push(`modems ${name}: ${port} is not there now`);
  }
  if (existsSync(dataDir) && !isWritable(dataDir))
    found.push(`dataDir: ${dataDir} cannot be written by this user`);
  return found;
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
