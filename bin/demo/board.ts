/**
 * The table of messages that the demo shows: drawn again in place on a terminal, one line a change
 * where the output is a file or a pipe.
 */

export interface BoardRow {
  readonly label: string;
  readonly to: string;
  readonly queuedAt?: string;
  readonly submittedAt?: string;
  readonly deliveredAt?: string;
  readonly state: string;
}

export interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const WIDTHS = { label: 32, to: 16, time: 13 };
const CURSOR_UP = (lines: number): string => `\u001b[${lines}A`;
const CLEAR_BELOW = "\u001b[0J";

export class Board {
  readonly #screen: Screen;
  #drawnLines = 0;
  readonly #printed = new Map<string, string>();

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Shows the rows as they are now. */
  draw(rows: readonly BoardRow[]): void {
    if (this.#screen.isTTY !== true) {
      this.#printChanges(rows);
      return;
    }
    const lines = [header(), ...rows.map(rowText)];
    const back = this.#drawnLines === 0 ? "" : CURSOR_UP(this.#drawnLines) + CLEAR_BELOW;
    this.#screen.write(`${back}${lines.join("\n")}\n`);
    this.#drawnLines = lines.length;
  }

  /** Prints a line under the table; the table starts anew below it. */
  say(text: string): void {
    this.#drawnLines = 0;
    this.#screen.write(`${text}\n`);
  }

  #printChanges(rows: readonly BoardRow[]): void {
    for (const row of rows) {
      const text = rowText(row);
      if (this.#printed.get(row.label) === text) continue;
      if (this.#printed.size === 0) this.#screen.write(`${header()}\n`);
      this.#printed.set(row.label, text);
      this.#screen.write(`${text}\n`);
    }
  }
}

function header(): string {
  return columns("message", "to", "queued", "submitted", "delivered", "state");
}

function rowText(row: BoardRow): string {
  return columns(
    row.label,
    row.to,
    time(row.queuedAt),
    time(row.submittedAt),
    time(row.deliveredAt),
    row.state,
  );
}

function columns(
  label: string,
  to: string,
  queued: string,
  submitted: string,
  delivered: string,
  state: string,
) {
  const times = [queued, submitted, delivered].map((text) => text.padEnd(WIDTHS.time)).join("");
  return `  ${label.padEnd(WIDTHS.label)}${to.padEnd(WIDTHS.to)}${times}${state}`;
}

/** The time of day with tenths: what a person compares. */
function time(iso: string | undefined): string {
  return iso === undefined ? "-" : new Date(iso).toISOString().slice(11, 21);
}
