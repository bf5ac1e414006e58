/**
 * Plays a transcript of `test/transcripts` as the other end of a port, on a simulated clock. What the
 * transcript says we send must be sent, byte for byte and in order; nothing else may be sent.
 */
import { readFileSync } from "node:fs";
import { type OpenPort, PortClosed, PortError, type PortHandlers } from "#hardware/port/port.ts";
import { parseTranscript, sentLine, type TranscriptStep } from "#hardware/port/transcript.ts";
import type { SimulatedClock } from "#shared/simulated-clock.ts";

/** How long, in simulated time, the player waits for what the transcript says we send. */
const PATIENCE_MS = 30_000;

const FOLDER = new URL("../transcripts/", import.meta.url);

export interface Replay {
  readonly open: OpenPort;
  /** Plays to the end. @throws when the dialogue goes another way */
  play(): Promise<void>;
  /** Plays up to `! mark NAME`. */
  playTo(mark: string): Promise<void>;
  /** What was written and not yet asked for. */
  unread(): string;
}

/** A file under test/transcripts, or the text itself when it has a line break. */
export function replay(source: string, clock: SimulatedClock): Replay {
  return new TranscriptPlayer(loadSteps(source), clock);
}

function loadSteps(source: string): TranscriptStep[] {
  const text = source.includes("\n") ? source : readFileSync(new URL(source, FOLDER), "utf8");
  return parseTranscript(text).flatMap((step) =>
    step.kind === "event" && step.name === "include" ? loadSteps(step.argument) : [step],
  );
}

class TranscriptPlayer implements Replay {
  readonly #steps: TranscriptStep[];
  readonly #clock: SimulatedClock;
  #handlers: PortHandlers | undefined;
  #plugged = true;
  #written = "";

  constructor(steps: TranscriptStep[], clock: SimulatedClock) {
    this.#steps = steps;
    this.#clock = clock;
  }

  readonly open: OpenPort = async (handlers) => {
    if (!this.#plugged) throw new PortError("missing", "transcript: the modem is unplugged");
    this.#handlers = handlers;
    let open = true;
    return {
      name: "transcript",
      write: (bytes) => {
        if (!open || this.#handlers !== handlers) throw new PortClosed("transcript: closed");
        this.#written += Buffer.from(bytes).toString("latin1");
      },
      close: async () => {
        if (!open) return;
        open = false;
        if (this.#handlers === handlers) {
          this.#handlers = undefined;
          handlers.closed("closed by us");
        }
      },
    };
  };

  play(): Promise<void> {
    return this.#playUntil(undefined);
  }

  playTo(mark: string): Promise<void> {
    return this.#playUntil(mark);
  }

  unread(): string {
    return this.#written;
  }

  async #playUntil(mark: string | undefined): Promise<void> {
    for (let step = this.#steps.shift(); step !== undefined; step = this.#steps.shift()) {
      if (step.kind === "event" && step.name === "mark" && step.argument === mark) return;
      await this.#step(step);
    }
    await this.#clock.advance(0);
    if (mark !== undefined) throw new Error(`the transcript has no "! mark ${mark}"`);
  }

  async #step(step: TranscriptStep): Promise<void> {
    switch (step.kind) {
      case "sent":
        return this.#expect(step.bytes, step.line);
      case "received":
        this.#handlers?.data(step.bytes);
        return this.#clock.advance(0);
      case "silence":
        return this.#clock.advance(step.ms);
      case "event":
        return this.#event(step.name, step.line);
    }
  }

  async #event(name: string, line: number): Promise<void> {
    if (name === "unplug") {
      this.#plugged = false;
      this.#written = "";
      const handlers = this.#handlers;
      this.#handlers = undefined;
      handlers?.closed("the device is gone");
    } else if (name === "plug") {
      this.#plugged = true;
    } else if (name !== "mark") {
      throw new Error(`line ${line}: "! ${name}" is not known`);
    }
    await this.#clock.advance(0);
  }

  async #expect(bytes: Uint8Array, line: number): Promise<void> {
    const wanted = Buffer.from(bytes).toString("latin1");
    const until = this.#clock.monotonic() + PATIENCE_MS;
    await this.#clock.advance(0);
    while (this.#written.length < wanted.length) {
      const next = this.#clock.nextTimerMs();
      if (next === undefined || this.#clock.monotonic() + next > until) break;
      await this.#clock.advance(next);
    }
    if (!this.#written.startsWith(wanted)) {
      const got = this.#written === "" ? "nothing" : sentLine(Buffer.from(this.#written, "latin1"));
      throw new Error(`line ${line}: expected ${sentLine(bytes)}, and we sent ${got}`);
    }
    this.#written = this.#written.slice(wanted.length);
  }
}
