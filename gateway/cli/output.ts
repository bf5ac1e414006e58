/** Tables, states in colour, and a line that tells how long something takes. */
import type { CliIo } from "./io.ts";

const STATE_COLOURS: Readonly<Record<string, number>> = {
  delivered: 32,
  submitted: 36,
  queued: 36,
  submitting: 36,
  unknown: 35,
  failed: 31,
  undelivered: 31,
  expired: 33,
  cancelled: 33,
  ready: 32,
};
const COLUMN_GAP = "  ";
const CELL_CHARS_MAX = 60;
const LAST_CELL_CHARS_MAX = 120;

export function colourState(io: CliIo, state: string): string {
  const colour = STATE_COLOURS[state];
  return io.colours && colour !== undefined ? `\u001b[${colour}m${state}\u001b[0m` : state;
}

/** Columns as wide as their longest cell. Control characters of what strangers wrote are made visible. */
export function printTable(io: CliIo, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const cells = [head, ...rows].map((row) => row.map((cell, i) => printable(cell, i === row.length - 1)));
  const widths = head.map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)));
  for (const [index, row] of cells.entries()) {
    const padded = row.map((cell, i) => {
      const space = " ".repeat((widths[i] ?? 0) - cell.length);
      return `${index === 0 ? cell : colourState(io, cell)}${space}`;
    });
    io.out(`${padded.join(COLUMN_GAP).trimEnd()}\n`);
  }
}

export function printFields(io: CliIo, fields: readonly (readonly [string, string | undefined])[]): void {
  const shown = fields.filter((field): field is readonly [string, string] => field[1] !== undefined);
  const width = Math.max(...shown.map(([name]) => name.length));
  for (const [name, value] of shown) io.out(`${name.padEnd(width)}${COLUMN_GAP}${visible(value)}\n`);
}

export function printJson(io: CliIo, value: unknown): void {
  io.out(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** The last column may be as long as it likes, up to a line and a half. */
function printable(text: string, isLast: boolean): string {
  const shown = visible(text);
  if (isLast && shown.length <= LAST_CELL_CHARS_MAX) return shown;
  return shown.length > CELL_CHARS_MAX ? `${shown.slice(0, CELL_CHARS_MAX - 1)}…` : shown;
}

/** A received text could otherwise move the cursor, or turn a line around. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (character) =>
    character === "\n" ? "⏎" : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

export interface Progress {
  show(text: string): void;
  clear(): void;
}

/** One line on standard error that is written over; silent where that is no terminal. */
export function createProgress(io: CliIo): Progress {
  let shown = false;
  return {
    show(text) {
      if (!io.progress) return;
      shown = true;
      io.err(`\r\u001b[K${text}`);
    },
    clear() {
      if (shown) io.err("\r\u001b[K");
      shown = false;
    },
  };
}
