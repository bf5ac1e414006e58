/**
 * The one place where AT commands are made. A command can hold no character that ends a line, leaves a
 * prompt or closes a quote, whatever its parameters are; texts of messages travel only as hexadecimal.
 */

declare const made: unique symbol;

/** Made only by the functions below. */
export interface AtCommand {
  /** Without the final CR. */
  readonly text: string;
  /** How lines of its answer begin, such as `+CREG:`; empty for commands whose answers are bare. */
  readonly prefix: string;
  readonly [made]: true;
}

export class AtCommandError extends Error {
  override name = "AtCommandError";
}

/** V.250 5.4.1 lets a modem refuse longer lines; 27.007 modems take at least so many characters. */
export const COMMAND_CHARACTERS_MAX = 512;

/** A parameter: numbers stand bare, strings in quotes, undefined is left out (`AT+CUSD=1,,15`). */
export type Parameter = number | string | undefined;

const NAME = /^[+^#*%$!&][A-Z][A-Z0-9_]{0,23}$/;
/** Printable ASCII without the quote and without the backslash, by which V.250 5.4.2.2 escapes. */
const STRING = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
/** Without D: nothing here may dial. */
const BASIC = /^(?:[A-CE-Z]|&[A-Z]|S\d{1,3}=)\d{0,3}$|^$/;

/** `AT`, `ATE0`, `AT&D0`: a command of V.250 without a sign. `letters` is what follows `AT`. */
export function basicCommand(letters: string): AtCommand {
  if (!BASIC.test(letters)) throw new AtCommandError(`"${escaped(letters)}" is not a basic command`);
  return made_(`AT${letters}`, "");
}

/** `AT+CGMI`. The name has its sign: `+CGMI`, `^SYSINFO`. */
export function runCommand(name: string): AtCommand {
  return made_(`AT${checkedName(name)}`, `${name}:`);
}

/** `AT+CREG?` */
export function readCommand(name: string): AtCommand {
  return made_(`AT${checkedName(name)}?`, `${name}:`);
}

/** `AT+CNMI=?` */
export function testCommand(name: string): AtCommand {
  return made_(`AT${checkedName(name)}=?`, `${name}:`);
}

/** `AT+CPMS="SM","SM"` */
export function setCommand(name: string, ...parameters: readonly Parameter[]): AtCommand {
  return made_(`AT${checkedName(name)}=${parameters.map(parameterText).join(",")}`, `${name}:`);
}

/** The octets of a command, CR only: an LF could become the first octet of a PDU. */
export function commandBytes(command: AtCommand): Uint8Array {
  return Buffer.from(`${command.text}\r`, "latin1");
}

const CONTROL_Z = "\x1a";

/** A PDU with the Ctrl-Z that submits it, for one write (3GPP TS 27.005 3.5.1). @throws AtCommandError */
export function pduBytes(hex: string): Uint8Array {
  if (!/^(?:[0-9A-F]{2}){1,200}$/.test(hex))
    throw new AtCommandError("a PDU is 1 to 200 octets in upper-case hex");
  return Buffer.from(hex + CONTROL_Z, "latin1");
}

/** Leaves a prompt without sending (27.005 3.5.1); never Ctrl-Z, which would send what stands there. */
export const ESCAPE_BYTES: Uint8Array = Uint8Array.of(0x1b, 0x0d);

function parameterText(parameter: Parameter): string {
  if (parameter === undefined) return "";
  if (typeof parameter === "number") {
    if (!Number.isSafeInteger(parameter)) throw new AtCommandError(`${parameter} is not a whole number`);
    return String(parameter);
  }
  if (!STRING.test(parameter)) throw new AtCommandError(`"${escaped(parameter)}" has a forbidden character`);
  return `"${parameter}"`;
}

function checkedName(name: string): string {
  if (!NAME.test(name)) throw new AtCommandError(`"${escaped(name)}" is not the name of a command`);
  return name;
}

function escaped(text: string): string {
  return encodeURIComponent(text.slice(0, 40).toWellFormed());
}

function made_(text: string, prefix: string): AtCommand {
  if (text.length > COMMAND_CHARACTERS_MAX) throw new AtCommandError("the command is too long");
  return { text, prefix } as AtCommand;
}
