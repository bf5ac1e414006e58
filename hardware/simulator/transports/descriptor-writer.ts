/**
 * Writes to a terminal's descriptor at once, and keeps what it does not take. A stream would not do:
 * libuv writes to the master of a pty as if it blocked, and spins while nobody reads the other side.
 */
import { writeSync } from "node:fs";
import type { Clock } from "#shared/clock.ts";
import { UNREAD_OCTETS_MAX } from "./served.ts";

/** Nothing tells when the other side has read, so it is tried again, slower and slower. */
const RETRY_MIN_MS = 1;
const RETRY_MAX_MS = 50;

export class DescriptorWriter {
  readonly #fd: number;
  readonly #clock: Clock;
  #waiting: Buffer[] = [];
  #octets = 0;
  #retryMs = RETRY_MIN_MS;
  #cancelRetry: (() => void) | undefined;

  /** The descriptor must not block. */
  constructor(fd: number, clock: Clock) {
    this.#fd = fd;
    this.#clock = clock;
  }

  /** What would make more than `UNREAD_OCTETS_MAX` wait is lost. */
  write(octets: Buffer): void {
    if (this.#octets === 0) {
      const taken = writeNow(this.#fd, octets);
      if (taken === octets.length) return;
      this.#keep(octets.subarray(taken));
    } else if (this.#octets + octets.length <= UNREAD_OCTETS_MAX) {
      this.#keep(octets);
    }
  }

  stop(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#waiting = [];
    this.#octets = 0;
  }

  #keep(octets: Buffer): void {
    this.#waiting.push(octets);
    this.#octets += octets.length;
    this.#cancelRetry ??= this.#clock.timer(this.#retryMs, () => this.#retry());
  }

  #retry(): void {
    this.#cancelRetry = undefined;
    const all = Buffer.concat(this.#waiting);
    const taken = writeNow(this.#fd, all);
    this.#retryMs = taken > 0 ? RETRY_MIN_MS : Math.min(2 * this.#retryMs, RETRY_MAX_MS);
    this.#waiting = [];
    this.#octets = 0;
    if (taken < all.length) this.#keep(all.subarray(taken));
  }
}

/** Octets that the terminal took; none when its buffer is full. */
function writeNow(fd: number, octets: Buffer): number {
  try {
    return writeSync(fd, octets);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EAGAIN") return 0;
    // EIO: the other side is gone for good, which the reader reports.
    if (code === "EIO") return octets.length;
    throw error;
  }
}
