/**
 * A command line taken apart (V.250 5.4): basic commands, S-registers, extended commands divided by
 * semicolons. Quotes keep a semicolon inside a value.
 */

export interface Call {
  /** Upper-case name with its prefix: `+CMGS`, `^CURC`, `E`, `&F`, `S3`. */
  readonly name: string;
  /** `run` is a bare name, `set` has `=`; a basic command's number is the value of a `run`. */
  readonly form: "run" | "set" | "read" | "test";
  readonly value: string;
}

const PREFIXES = "+^*#%$!_";

/** Undefined when the line breaks the grammar. `body` is what follows `AT`. */
export function parseCommandLine(body: string): readonly Call[] | undefined {
  const calls: Call[] = [];
  let at = 0;
  while (at < body.length) {
    const character = body[at] as string;
    if (character === " " || character === ";") {
      at++;
      continue;
    }
    const taken = PREFIXES.includes(character) ? extended(body, at) : basic(body, at);
    if (taken === undefined) return undefined;
    calls.push(taken.call);
    at = taken.next;
  }
  return calls;
}

interface Taken {
  readonly call: Call;
  readonly next: number;
}

function extended(body: string, start: number): Taken | undefined {
  let at = start + 1;
  while (at < body.length && isNameCharacter(body.charCodeAt(at))) at++;
  if (at === start + 1) return undefined;
  const name = body.slice(start, at).toUpperCase();
  const end = endOfValue(body, at);
  const rest = body.slice(at, end).trimEnd();
  if (rest === "") return { call: { name, form: "run", value: "" }, next: end };
  if (rest === "?") return { call: { name, form: "read", value: "" }, next: end };
  if (rest === "=?") return { call: { name, form: "test", value: "" }, next: end };
  if (!rest.startsWith("=")) return undefined;
  return { call: { name, form: "set", value: rest.slice(1) }, next: end };
}

/** Letters, digits and the few signs that V.250 5.4.1 lets a name have. */
function isNameCharacter(code: number): boolean {
  const isLetter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return isLetter || (code >= 48 && code <= 57) || code === 95;
}

function endOfValue(body: string, from: number): number {
  let quoted = false;
  for (let at = from; at < body.length; at++) {
    const code = body.charCodeAt(at);
    if (code === 34) quoted = !quoted;
    else if (code === 59 && !quoted) return at;
  }
  return body.length;
}

function basic(body: string, start: number): Taken | undefined {
  const match = /^(?:[Ss](\d+)(=\?|\?|=\d*)?|([&\\]?[A-Za-z])(\d*))/.exec(body.slice(start));
  if (match === null) return undefined;
  const next = start + match[0].length;
  if (match[1] !== undefined) return { call: register(match[1], match[2] ?? ""), next };
  const name = (match[3] as string).toUpperCase();
  // ATD takes the rest of the line as its number (V.250 6.3.1).
  if (name === "D") return { call: { name, form: "set", value: body.slice(start + 1) }, next: body.length };
  return { call: { name, form: "run", value: match[4] ?? "" }, next };
}

function register(number: string, rest: string): Call {
  const name = `S${Number(number)}`;
  if (rest === "?") return { name, form: "read", value: "" };
  if (rest === "=?") return { name, form: "test", value: "" };
  return { name, form: "set", value: rest.slice(1) };
}

/** The values of a set command: commas divide, quotes go away, an empty place is an empty string. */
export function valuesOf(value: string): readonly string[] {
  if (!value.includes('"')) return value.split(",").map((part) => part.trim());
  const values: string[] = [];
  let current = "";
  let quoted = false;
  for (const character of value) {
    if (character === '"') quoted = !quoted;
    else if (character === "," && !quoted) {
      values.push(current.trim());
      current = "";
    } else current += character;
  }
  return [...values, current.trim()];
}

/** A whole number in a range, or undefined. */
export function numberIn(text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined || !/^\d{1,9}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= min && value <= max ? value : undefined;
}
