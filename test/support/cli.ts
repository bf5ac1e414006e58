/** Runs a command of the gateway in this process, and keeps what it printed. */
import { Command } from "commander";
import type { CliIo } from "#gateway/cli/io.ts";
import { gatewayCommands } from "#gateway/cli.ts";
import { type Clock, systemClock } from "#shared/clock.ts";

export interface CliRun {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

export interface CliOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly terminal?: boolean;
}

export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  let [out, err, code] = ["", "", 0];
  const terminal = options.terminal ?? false;
  const io: CliIo = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    environment: options.environment ?? {},
    clock: options.clock ?? systemClock,
    colours: terminal,
    progress: terminal,
    exit: (given) => {
      code = given;
    },
  };
  const program = new Command("dunlin");
  for (const command of gatewayCommands(io)) program.addCommand(command);
  listenTo(program, io);
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    code = (error as { exitCode?: number }).exitCode ?? 70;
    if (code === 70) err += String(error);
  }
  return { out, err, code };
}

/** Usage errors of every command throw instead of ending the process. */
function listenTo(command: Command, io: CliIo): void {
  command.exitOverride().configureOutput({ writeOut: io.out, writeErr: io.err });
  for (const inner of command.commands) listenTo(inner, io);
}
