/** What goes out of an AT port, gathered so that one arrival causes one write. */
import type { Final } from "./answers.ts";
import { finalText, lineText, type SpellingRules } from "./spelling.ts";
import type { Wire } from "./terminal.ts";

export interface OutputHost {
  readonly settings: SpellingRules;
  /** Nothing is written while mute. */
  readonly mute: boolean;
}

const HELD_LINES_MAX = 64;

export class Output {
  /** The transport; what is written without one is lost. */
  wire: Wire | undefined;
  readonly #host: OutputHost;
  readonly #held: string[] = [];
  #text = "";

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
    if (text === "") return;
    this.#text = "";
    if (this.wire !== undefined && !this.#host.mute) this.wire.write(text);
  }

  clear(): void {
    this.#text = "";
    this.#held.length = 0;
  }
}
