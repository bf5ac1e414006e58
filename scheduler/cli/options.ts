/** What every command of the scheduler shares: settings, output, progress, and an end that can be asked for. */
import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { loadSchedulerSettings, type SchedulerSettings } from "#scheduler/config.ts";
import { SettingsError } from "#shared/config.ts";

/** The standard input, as a file. */
const STDIN = 0;

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function complain(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** A command that reads the settings file. */
export function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option("-c, --config <file>", "settings (TOML); also DUNLIN_SCHEDULER_CONFIG");
}

export interface CommonOptions {
  readonly config?: string;
}

/** The settings, or undefined after they were complained about. */
export function settingsOf(options: CommonOptions): SchedulerSettings | undefined {
  try {
    const file = options.config ?? process.env.DUNLIN_SCHEDULER_CONFIG;
    const { settings, warnings } = loadSchedulerSettings({ file, environment: process.env });
    for (const warning of warnings) complain(warning);
    return settings;
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    for (const line of error.lines) complain(line);
    process.exitCode = 1;
    return undefined;
  }
}

/** RFC 3339, or "now". */
export function parseInstant(text: string): number {
  const at = Date.parse(text);
  if (!/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(text) || Number.isNaN(at))
    throw new InvalidArgumentError(
      "Write a moment as RFC 3339 with an offset, such as 2026-03-01T09:30:00Z.",
    );
  return at;
}

/** For names of a fixed form. @param example what is shown when it does not fit */
export function parseForm(form: RegExp, example: string): (text: string) => string {
  return (text) => {
    if (!form.test(text)) throw new InvalidArgumentError(`Write it like ${example}.`);
    return text;
  };
}

/** The text of a file that somebody named, or undefined after it was complained about; - is the standard input. */
export function readNamedFile(path: string): string | undefined {
  try {
    return readFileSync(path === "-" ? STDIN : path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    complain(`${path} cannot be read (${code}). Check the path and its permissions.`);
    return undefined;
  }
}

export function parseCount(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < min || value > max)
      throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`);
    return value;
  };
}

/** Ends with the first Ctrl-C; the second one is the system's. */
export function interruptible(): { readonly signal: AbortSignal; readonly release: () => void } {
  const ending = new AbortController();
  const onInterrupt = (): void => {
    // What is said next begins below the "^C" and the line of progress.
    if (process.stderr.isTTY) process.stderr.write("\n");
    ending.abort();
  };
  process.once("SIGINT", onInterrupt);
  process.once("SIGTERM", onInterrupt);
  return {
    signal: ending.signal,
    release: () => {
      process.off("SIGINT", onInterrupt);
      process.off("SIGTERM", onInterrupt);
    },
  };
}

/** A line that is written over, where somebody watches; nothing in a file or pipe. */
export function progress(what: string): (done: number, total: number) => void {
  if (!process.stderr.isTTY) return () => {};
  let shown = -1;
  return (done, total) => {
    const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
    if (percent === shown) return;
    shown = percent;
    process.stderr.write(`\r${what}: ${done} of ${total} (${percent} %)${done >= total ? "\n" : ""}`);
  };
}

/** Columns as wide as their widest cell; numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const widths = head.map((name, i) =>
    Math.max(name.length, ...rows.map((row) => String(row[i] ?? "").length)),
  );
  const line = (cells: readonly (string | number)[]): string =>
    cells
      .map((cell, i) =>
        typeof cell === "number" ? String(cell).padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
