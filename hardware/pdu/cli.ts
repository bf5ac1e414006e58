/** `dunlin pdu`: PDUs for people. */
import { Command, InvalidArgumentError, Option } from "commander";
import { type EncodableLanguage, SmsTextError, segmentText } from "#shared/sms-text.ts";
import { explainPdu, explanationText } from "./explain.ts";
import { hexFromOctets } from "./hex.ts";
import { type EncodedMessage, encodeMessage, type TextMessage } from "./message.ts";
import { PduError } from "./types.ts";

/** Reads what is piped in; refused when nobody pipes. Handed in by tests. */
export type ReadInput = () => Promise<string>;

const INPUT_CHARACTERS_MAX = 1_000_000;

async function readStandardInput(): Promise<string> {
  if (process.stdin.isTTY) return "";
  let text = "";
  process.stdin.setEncoding("utf8");
  for await (const chunk of process.stdin) {
    text += chunk;
    if (text.length > INPUT_CHARACTERS_MAX) break;
  }
  return text;
}

/** The command with its subcommands; output goes through `configureOutput`, failures through `error`. */
export function pduCommand(readInput: ReadInput = readStandardInput): Command {
  const pdu = new Command("pdu").description("Read and make SMS PDUs (3GPP TS 23.040).");
  pdu.addCommand(decodeCommand(readInput));
  pdu.addCommand(encodeCommand());
  return pdu;
}

interface DecodeFlags {
  readonly mo?: true;
  readonly smsc: boolean;
  readonly error?: true;
  readonly json?: true;
}

function decodeCommand(readInput: ReadInput): Command {
  return new Command("decode")
    .description("Show the fields of a PDU, with the octets they are in.")
    .argument("[hex]", "the PDU as the modem shows it; without it one PDU a line is read from the input")
    .option("--mo", "it goes from the mobile to the network (SUBMIT, COMMAND, DELIVER-REPORT)")
    .option("--no-smsc", "it has no service centre field in front")
    .option("--error", "a report in the form that goes with RP-ERROR, with a failure cause")
    .option("--json", "print one JSON object a PDU")
    .addHelpText(
      "after",
      `
A received message or status report:
  $ dunlin pdu decode 0791947101670000040B919471214365F700006230215143658004C8329BFD

What we sent:
  $ dunlin pdu decode --mo 0001000B919471214365F7000004C8329BFD`,
    )
    .action(async (hex: string | undefined, flags: DecodeFlags, command: Command) => {
      const lines = hex === undefined ? inputLines(await readInput()) : [hex];
      if (lines.length === 0) {
        command.error("error: no PDU given; name it as the argument or pipe one a line", { exitCode: 1 });
      }
      const write = outputOf(command);
      lines.forEach((line, i) => {
        if (i > 0 && !flags.json) write("\n");
        write(`${refusing(command, () => decodeLine(line, flags))}\n`);
      });
    });
}

function inputLines(input: string): readonly string[] {
  return input
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function decodeLine(hex: string, flags: DecodeFlags): string {
  const explanation = explainPdu(hex, {
    direction: flags.mo ? "mo" : "mt",
    smsc: flags.smsc,
    reportForm: flags.error ? "error" : "ack",
  });
  return flags.json ? jsonText(explanation.tpdu) : explanationText(explanation);
}

/** Octets as hexadecimal. */
function jsonText(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    each instanceof Uint8Array ? hexFromOctets(each) : each,
  );
}

interface EncodeFlags {
  readonly to: string;
  readonly text: string;
  readonly smsc?: string;
  readonly report?: true;
  readonly rejectDuplicates?: true;
  readonly class?: 0 | 1 | 2 | 3;
  readonly validity?: number;
  readonly pid?: number;
  readonly reference: number;
  readonly wideReference?: true;
  readonly language?: readonly EncodableLanguage[];
  readonly transliterate?: true;
  readonly json?: true;
}

function encodeCommand(): Command {
  return new Command("encode")
    .description("Make the PDUs of a text message, as AT+CMGS takes them.")
    .requiredOption("--to <number>", "recipient: + and digits, or a short code")
    .requiredOption("--text <text>", "the message")
    .option("--smsc <number>", "service centre; without it the one that the SIM knows")
    .option("--report", "ask for a status report")
    .option("--reject-duplicates", "ask the service centre to refuse a second copy")
    .option("--class <0-3>", "message class; 0 is shown at once", wholeNumber(0, 3))
    .option("--validity <seconds>", "how long the service centre keeps trying", wholeNumber(0, 38_102_400))
    .option("--pid <0-255>", "protocol identifier", wholeNumber(0, 255))
    .option("--reference <number>", "of the parts of a long message", wholeNumber(0, 65_535), 0)
    .option("--wide-reference", "16 bits for that reference in place of 8")
    .addOption(
      new Option("--language <names...>", "national 7-bit tables that may be used").choices([
        "turkish",
        "spanish",
        "portuguese",
      ]),
    )
    .option("--transliterate", "replace characters when that makes the whole text 7-bit")
    .option("--json", "print one JSON object")
    .addHelpText("after", '\nExample:\n  $ dunlin pdu encode --to +4917012345678 --text "Hello" --report')
    .action((flags: EncodeFlags, command: Command) => {
      const message = messageOf(flags);
      const encoded = refusing(command, () => ({
        ...encodeMessage(message),
        segmentation: segmentText(message.text, message),
      }));
      outputOf(command)(`${flags.json ? jsonText(encoded) : messageText(encoded)}\n`);
    });
}

function messageOf(flags: EncodeFlags): TextMessage {
  return {
    to: flags.to,
    text: flags.text,
    concatenationReference: flags.reference,
    referenceBits: flags.wideReference ? 16 : 8,
    statusReportRequest: flags.report ?? false,
    rejectDuplicates: flags.rejectDuplicates ?? false,
    transliterate: flags.transliterate ?? false,
    ...(flags.smsc !== undefined && { smsc: flags.smsc }),
    ...(flags.class !== undefined && { class: flags.class }),
    ...(flags.validity !== undefined && { validitySeconds: flags.validity }),
    ...(flags.pid !== undefined && { pid: flags.pid }),
    ...(flags.language && { languages: flags.language }),
  };
}

function messageText({ segmentation, pdus }: EncodedMessage): string {
  const { alphabet, segments, unitsPerSegment, forcingUcs2, replacements } = segmentation;
  const units = alphabet === "gsm7" ? "septets" : "UTF-16 units";
  const name = alphabet === "gsm7" ? "GSM 7-bit" : "UCS-2";
  const count = `${segments.length} segment${segments.length === 1 ? "" : "s"}`;
  const lines = [`${count} of up to ${unitsPerSegment} ${units}, ${name}`];
  if (forcingUcs2.length > 0) {
    lines.push(`UCS-2 because of: ${forcingUcs2.map(({ character }) => character).join(" ")}`);
  }
  for (const { from, to, index } of replacements)
    lines.push(`replaced ${from} by ${JSON.stringify(to)} at ${index}`);
  pdus.forEach(({ hex, tpduLength }, i) => {
    lines.push("", `AT+CMGS=${tpduLength}    (${segments[i]?.units ?? 0} ${units})`, hex);
  });
  return lines.join("\n");
}

function wholeNumber(min: number, max: number): (value: string) => number {
  return (value) => {
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= min && number <= max)) {
      throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`);
    }
    return number;
  };
}

function outputOf(command: Command): (text: string) => void {
  const { writeOut } = command.configureOutput();
  return (text) => writeOut?.(text);
}

/** A PDU or text that is refused ends the command with its reason and exit code 1. */
function refusing<T>(command: Command, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof PduError || error instanceof SmsTextError) {
      return command.error(`error: ${error.message}`, { exitCode: 1, code: error.code });
    }
    throw error;
  }
}
