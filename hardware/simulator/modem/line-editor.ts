/** Half a command line: characters come in, the backspace takes one away, the line end finishes it (V.250 5.2). */
export interface LineRules {
  /** S3 and S5. */
  readonly lineEnd: number;
  readonly backspace: number;
}

export interface Taken {
  /** What is left of the input. */
  readonly rest: string;
  /** What the modem echoes; line feeds are not. */
  readonly echo: string;
  /** The finished line, or `A/`, which needs no end. */
  readonly line: string | undefined;
}

const CR = 13;

export class LineEditor {
  readonly #max: number;
  #line = "";

  /** A line of more characters comes out cut to one more than `max`, so that it can be refused. */
  constructor(max: number) {
    this.#max = max;
  }

  take(input: string, { lineEnd, backspace }: LineRules): Taken {
    const end = input.indexOf(lineEnd === CR ? "\r" : String.fromCharCode(lineEnd));
    const part = end < 0 ? input : input.slice(0, end);
    const rest = end < 0 ? "" : input.slice(end + 1);
    const typed = end < 0 ? part : input.slice(0, end + 1);
    const echo = typed.includes("\n") ? typed.replaceAll("\n", "") : typed;
    this.#line = edited(this.#line + part, backspace).slice(0, this.#max + 1);
    if (end < 0 && this.#line.toUpperCase() !== "A/") return { rest, echo, line: undefined };
    const line = this.#line;
    this.#line = "";
    return { rest, echo, line };
  }

  /** Half a line has come. */
  get begun(): boolean {
    return this.#line !== "";
  }

  clear(): void {
    this.#line = "";
  }
}

/** Line feeds and NULs count for nothing; S5 takes back the character before it. */
function edited(text: string, backspace: number): string {
  const erase = String.fromCharCode(backspace);
  if (!text.includes(erase) && !text.includes("\n") && !text.includes("\0")) return text;
  let line = "";
  for (const character of text) {
    if (character === erase) line = line.slice(0, -1);
    else if (character !== "\n" && character !== "\0") line += character;
  }
  return line;
}
