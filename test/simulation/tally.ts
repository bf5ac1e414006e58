/** What was run so far, in numbers, and a bar that shows how far it is. */
import type { Clock } from "#shared/clock.ts";
import type { Outcome } from "./run.ts";

const BAR = 30;
const MINUTE_MS = 60_000;
const MICROSECONDS = 1_000;

export class Tally {
  readonly #clock: Clock;
  readonly #terminal: NodeJS.WritableStream | undefined;
  readonly #startedAt: number;
  #seeds = 0;
  #hours = 0;
  #messages = 0;
  #submits = 0;
  #crashes = 0;

  constructor(clock: Clock, terminal?: NodeJS.WritableStream) {
    this.#clock = clock;
    this.#terminal = terminal;
    this.#startedAt = clock.monotonic();
  }

  add({ hours, messages, submits, crashes }: Outcome): void {
    this.#seeds++;
    this.#hours += hours;
    this.#messages += messages;
    this.#submits += submits;
    this.#crashes += crashes;
  }

  line(): string {
    const minutes = (this.#clock.monotonic() - this.#startedAt) / MINUTE_MS;
    const { user, system } = process.cpuUsage();
    const cpuMinutes = (user + system) / MICROSECONDS / MINUTE_MS;
    return (
      `${this.#seeds} seeds, ${Math.round(this.#hours)} simulated hours, ${this.#messages} messages, ` +
      `${this.#submits} submits, ${this.#crashes} crashes; ${Math.round(this.#hours / minutes)} hours a minute ` +
      `(${Math.round(this.#hours / cpuMinutes)} a minute of one core)`
    );
  }

  /** `done` is a share. */
  show(done: number): void {
    if (this.#terminal === undefined) return;
    const full = Math.round(done * BAR);
    this.#terminal.write(`\r[${"#".repeat(full)}${".".repeat(BAR - full)}] ${this.line()}`);
  }

  clear(): void {
    this.#terminal?.write(`\r\u001b[2K`);
  }
}
