/** What a command may touch of the world around it. */
import { type Clock, systemClock } from "#shared/clock.ts";
import { SettingsError } from "#shared/config.ts";
import { DatabaseUnavailable, MigrationError } from "#shared/sqlite.ts";

export interface CliIo {
  /** Answers go here, everything else to `err`. */
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Standard output is a terminal, and nobody asked for no colours. */
  readonly colours: boolean;
  /** Standard error is a terminal: a line there may be written over. */
  readonly progress: boolean;
  readonly exit: (code: number) => void;
}

/** What a command ends with; the help of each command that differs names them. */
export const EXIT = {
  done: 0,
  /** Wrong usage, or the gateway refused. */
  refused: 1,
  /** The message was not delivered. */
  undelivered: 2,
  /** No gateway answers there. */
  unreachable: 3,
  /** Not settled when the time was over. */
  pending: 4,
} as const;

export function processIo(): CliIo {
  const { env, stdout, stderr } = process;
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    environment: env,
    clock: systemClock,
    // https://no-color.org
    colours: stdout.isTTY === true && !env.NO_COLOR,
    progress: stderr.isTTY === true,
    exit: (code) => {
      process.exitCode = code;
    },
  };
}

/** An end that the user can do something about: one clear line, no stack. */
export class CliError extends Error {
  override name = "CliError";
  readonly exitCode: number;
  constructor(message: string, exitCode: number = EXIT.refused) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Runs a command's action; what went wrong becomes one line on standard error and an exit code. */
export async function attempt(io: CliIo, action: () => Promise<void> | void): Promise<void> {
  try {
    await action();
  } catch (error) {
    const lines = linesOf(error);
    if (lines === undefined) throw error;
    for (const line of lines) io.err(`error: ${line}\n`);
    io.exit(error instanceof CliError ? error.exitCode : EXIT.refused);
  }
}

function linesOf(error: unknown): readonly string[] | undefined {
  if (error instanceof SettingsError) return error.lines;
  const clear = [CliError, DatabaseUnavailable, MigrationError];
  if (clear.some((kind) => error instanceof kind)) return (error as Error).message.split("\n");
  return undefined;
}
