/** `dunlin …`: the commands of all rooms under one name. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { gatewayCommands } from "#gateway/cli.ts";
import { pduCommand } from "#hardware/pdu/cli.ts";
import { simulatorCommand } from "#hardware/simulator/cli.ts";
import { schedulerCommands } from "#scheduler/cli.ts";
import { demoCommand } from "./demo.ts";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

export function createProgram(): Command {
  const program = new Command("dunlin")
    .description("An SMS gateway for USB GSM modems, and a scheduler of payment reminders.")
    .version(version)
    .showHelpAfterError("Run with --help to see what is possible.")
    .configureHelp({ sortSubcommands: false });
  for (const command of [
    demoCommand(),
    ...gatewayCommands(),
    ...schedulerCommands(),
    simulatorCommand(),
    pduCommand(),
  ])
    program.addCommand(command);
  return program;
}

export async function main(argv: readonly string[]): Promise<void> {
  // What `ps` shows, and what another program is told when it finds a port in use.
  process.title = ["dunlin", argv[2] ?? ""].join(" ").trim();
  await createProgram().parseAsync(argv);
}
