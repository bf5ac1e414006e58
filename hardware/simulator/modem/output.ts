/** What goes out of an AT port, gathered so that one arrival causes one write. */
import type { FaultAction } from "#hardware/simulator/faults/actions.ts";
import type { Clock } from "#shared/clock.ts";
import type { Random } from "#shared/random.ts";
import type { Final } from "./answers.ts";
import { garbled } from "./garble.ts";
import { finalText, lineText, type SpellingRules } from "./spelling.ts";
import type { Wire } from "./terminal.ts";

export interface OutputHost {
  readonly settings: SpellingRules;
  readonly clock: Clock;
  readonly random: Random;
  /** Nothing is written while mute. */
  readonly mute: boolean;
  /** Bits a second of the line, ten to an octet; as fast as it goes when undefined. */
  readonly baud: number | undefined;
}

const HELD_LINES_MAX = 64;
/** Start bit, eight data bits, stop bit. */
const BITS_PER_OCTET = 10;

export class Output {
  /** The transport; what is written without one is lost. */
  wire: Wire | undefined;
  readonly #host: OutputHost;
  readonly #held: string[] = [];
  #text = "";
  /** Set while the line stands still: all that is said meanwhile comes out at its end. */
  #cancelStall: (() => void) | undefined;

  constructor(host: OutputHost) {
    this.#host = host;
  }

  /** Echo and prompt, as they are. */
  raw(text: string): void {
    this.#text += text;
  }

  lines(lines: readonly string[]): void {
    for (const line of lines) this.#text += lineText(line, this.#host.settings);
  }

  final(final: Final): void {
    this.#text += finalText(final, this.#host.settings);
  }

  /** An answer as a fault lets it through. */
  answer(lines: readonly string[], final: Final, fault: FaultAction | undefined): void {
    if (fault === undefined) {
      this.lines(lines);
      this.final(final);
      return;
    }
    const { kind } = fault;
    const { settings } = this.#host;
    let text = "";
    if (kind !== "drop-info" && kind !== "drop-answer") {
      for (const line of lines) text += lineText(line, settings);
    }
    if (kind !== "drop-final" && kind !== "drop-answer") text += finalText(final, settings);
    this.#garbled(text, fault);
  }

  /** An unsolicited line as a fault lets it through. */
  unsolicited(line: string, fault: FaultAction | undefined): void {
    if (fault === undefined) this.lines([line]);
    else this.#garbled(lineText(line, this.#host.settings), fault);
  }

  #garbled(text: string, fault: FaultAction): void {
    const { now, later } = garbled(text, fault, this.#host.random);
    this.#text += now;
    if (later === undefined) return;
    this.flush();
    this.#text += later.text;
    this.#stall(later.ms, () => undefined);
  }

  /** The line stands still for `ms`; then `end`, and all that has gathered. */
  #stall(ms: number, end: () => void): void {
    this.#cancelStall?.();
    this.#cancelStall = this.#host.clock.timer(ms, () => {
      this.#cancelStall = undefined;
      end();
      this.flush();
    });
  }

  /** The wire is the host's while it types: what the modem has to say waits. */
  hold(line: string): void {
    this.#held.push(line);
    if (this.#held.length > HELD_LINES_MAX) this.#held.shift();
  }

  release(): void {
    if (this.#held.length > 0) this.lines(this.#held.splice(0));
  }

  flush(): void {
    const text = this.#text;
    if (text === "" || this.#cancelStall !== undefined) return;
    this.#text = "";
    const { baud } = this.#host;
    if (baud === undefined) this.#write(text);
    else this.#stall((text.length * BITS_PER_OCTET * 1_000) / baud, () => this.#write(text));
  }

  #write(text: string): void {
    if (this.wire !== undefined && !this.#host.mute) this.wire.write(text);
  }

  clear(): void {
    this.#text = "";
    this.#held.length = 0;
    this.#cancelStall?.();
    this.#cancelStall = undefined;
  }
}
