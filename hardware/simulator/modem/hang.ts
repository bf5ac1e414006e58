/**
 * A modem whose parser is dead. It does one thing only with what the host writes: it looks for its cure,
 * which is exactly one step of the ladder by which a host tries to bring a modem back.
 */
import type { Cure } from "#hardware/simulator/faults/actions.ts";

const ESC = "\x1b";
const LINE_MAX = 256;
/** AT+CFUN=0 or 4 without a reset: the first half of a radio cycle. */
const RADIO_OFF = /^AT\+CFUN=[04](?:,0)?$/i;
const RESTART = /^AT\+CFUN=1,1$/i;

export class Hang {
  readonly cure: Cure;
  /** The modem still talks by itself. */
  readonly talks: boolean;
  readonly #restartCommands: readonly string[];
  #line = "";

  constructor(cure: Cure, talks: boolean, restartCommands: readonly string[]) {
    this.cure = cure;
    this.talks = talks;
    this.#restartCommands = restartCommands;
  }

  /** What the parser hears once the cure has come: the line that cured it and all after it. */
  cured(text: string): string | undefined {
    if (this.cure === "escape") {
      const at = text.indexOf(ESC);
      return at < 0 ? undefined : text.slice(at + 1);
    }
    for (const [at, character] of [...text].entries()) {
      if (character !== "\r") {
        this.#line = `${this.#line}${character === "\n" ? "" : character}`.slice(-LINE_MAX);
        continue;
      }
      const line = this.#line.slice(this.#line.lastIndexOf(ESC) + 1).trim();
      this.#line = "";
      if (this.#isCure(line)) return `${line}\r${text.slice(at + 1)}`;
    }
    return undefined;
  }

  #isCure(line: string): boolean {
    if (this.cure === "radio-cycle") return RADIO_OFF.test(line);
    if (this.cure !== "restart") return false;
    const names = this.#restartCommands.map((name) => `AT${name}`);
    return RESTART.test(line) || names.some((name) => line.toUpperCase().startsWith(name));
  }
}
