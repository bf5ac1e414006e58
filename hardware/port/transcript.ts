/**
 * A modem's dialogue as text, so that what happened on a real line can be read, kept and replayed:
 *
 *     # EC25, firmware EC25EFAR06A03M4G
 *     > AT+CMGS=23              we send it with a CR
 *     < "\r\n> "                the modem sends exactly this
 *     > 0011000B91…\x1a         we send it as it stands, because it ends in a control character
 *     < +CMGS: 17               the modem sends it with CR LF before and after
 *     < OK
 *     ! silence 61s             nobody says anything
 *     ! unplug                  the port is gone
 *     ! plug                    and is back
 *     ! include start.txt       goes on with that file, then comes back
 *
 * Quotes hold exact bytes, with \r \n \t \\ \" and \xNN.
 */

export type TranscriptStep =
  | { readonly kind: "sent"; readonly bytes: Uint8Array; readonly line: number }
  | { readonly kind: "received"; readonly bytes: Uint8Array; readonly line: number }
  | { readonly kind: "silence"; readonly ms: number; readonly line: number }
  | { readonly kind: "event"; readonly name: string; readonly argument: string; readonly line: number };

export class TranscriptError extends Error {
  override name = "TranscriptError";
}

export function parseTranscript(text: string): TranscriptStep[] {
  const steps: TranscriptStep[] = [];
  text.split("\n").forEach((raw, at) => {
    const line = at + 1;
    const content = raw.trimEnd();
    if (content === "" || content.startsWith("#")) return;
    const sign = content.slice(0, 2);
    const rest = content.slice(2);
    if (sign === "> ") steps.push({ kind: "sent", bytes: sentBytes(rest, line), line });
    else if (sign === "< ") steps.push({ kind: "received", bytes: receivedBytes(rest, line), line });
    else if (sign === "! ") steps.push(eventStep(rest, line));
    else throw new TranscriptError(`line ${line}: begins with none of "> ", "< ", "! " and "#"`);
  });
  return steps;
}

function eventStep(text: string, line: number): TranscriptStep {
  const [name = "", ...rest] = text.split(" ");
  const argument = rest.join(" ").trim();
  if (name !== "silence") return { kind: "event", name, argument, line };
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(argument);
  if (!match) throw new TranscriptError(`line ${line}: silence needs a time such as 61s, 300ms or 2m`);
  const unitMs = { ms: 1, s: 1_000, m: 60_000 }[match[2] as "ms" | "s" | "m"];
  return { kind: "silence", ms: Math.round(Number(match[1]) * unitMs), line };
}

function sentBytes(text: string, line: number): Uint8Array {
  if (isQuoted(text)) return unescaped(text.slice(1, -1), line);
  const bytes = unescaped(text, line);
  const last = bytes.at(-1) ?? 0x20;
  return last < 0x20 ? bytes : Buffer.concat([bytes, Buffer.from("\r")]);
}

function receivedBytes(text: string, line: number): Uint8Array {
  if (isQuoted(text)) return unescaped(text.slice(1, -1), line);
  return Buffer.concat([Buffer.from("\r\n"), unescaped(text, line), Buffer.from("\r\n")]);
}

/** `"SM",3` is a line that begins with a quote; `"…"` with nothing outside is exact bytes. */
function isQuoted(text: string): boolean {
  return /^"(?:[^"\\]|\\.)*"$/.test(text);
}

const ESCAPES: Readonly<Record<string, number>> = { r: 0x0d, n: 0x0a, t: 0x09, "\\": 0x5c, '"': 0x22 };

function unescaped(text: string, line: number): Uint8Array {
  const octets: number[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== "\\") {
      octets.push(text.charCodeAt(at));
      continue;
    }
    const letter = text[++at] ?? "";
    const hex = /^x([0-9a-fA-F]{2})/.exec(text.slice(at, at + 3))?.[1];
    const octet = hex === undefined ? ESCAPES[letter] : Number.parseInt(hex, 16);
    if (octet === undefined) throw new TranscriptError(`line ${line}: "\\${letter}" is no escape`);
    if (hex !== undefined) at += 2;
    octets.push(octet);
  }
  if (octets.some((octet) => octet > 0xff))
    throw new TranscriptError(`line ${line}: write bytes from 0x80 on as \\xNN`);
  return Uint8Array.from(octets);
}

const CONTROL_Z = "\x1a";

/** What we sent, as one line. */
export function sentLine(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString("latin1");
  const command = text.endsWith("\r") ? text.slice(0, -1) : undefined;
  if (command !== undefined && isPlain(command)) return `> ${command}`;
  const pdu = text.endsWith(CONTROL_Z) ? text.slice(0, -1) : undefined;
  if (pdu !== undefined && isPlain(pdu)) return `> ${pdu}\\x1a`;
  return `> "${escaped(text)}"`;
}

/** What the modem sent, as one line for each of its lines, or exactly where it has another form. */
export function receivedLines(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes).toString("latin1");
  if (/^(?:\r\n[^\r\n]+\r\n)+$/.test(text)) {
    const lines = text.split("\r\n").filter((line) => line !== "");
    if (lines.every(isPlain)) return lines.map((line) => `< ${line}`);
  }
  return [`< "${escaped(text)}"`];
}

/** Reads back as itself without quotes. */
function isPlain(text: string): boolean {
  return /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text) && !text.includes("\\") && !isQuoted(text);
}

function escaped(text: string): string {
  return text.replace(/[^\x20-\x7e]|["\\]/g, (character) => {
    if (character === "\r") return "\\r";
    if (character === "\n") return "\\n";
    if (character === '"' || character === "\\") return `\\${character}`;
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}
