/** `dunlin send`: one message, and if wanted its way to the phone. */
import { Command, InvalidArgumentError, Option } from "commander";
import { DryRun, Message } from "#shared/gateway-api.ts";
import { type Client, type ClientFlags, createClient, withClientOptions } from "./client.ts";
import { attempt, type CliIo, EXIT } from "./io.ts";
import { colourState, createProgress, printJson } from "./output.ts";

const WAIT_SECONDS_DEFAULT = 120;
const POLL_MS = 500;

/** States that stay, unless a late report corrects them. */
const SETTLED: readonly Message["state"][] = ["delivered", "undelivered", "failed", "expired", "cancelled"];

interface Flags extends ClientFlags {
  readonly wait?: number | true;
  readonly json?: boolean;
  readonly priority?: number;
  readonly reference?: string;
  readonly sim?: string;
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly transliterate?: boolean;
  readonly flash?: boolean;
  readonly report: boolean;
  readonly onUnknown?: string;
  readonly evidence?: string;
  readonly dryRun?: boolean;
  readonly idempotencyKey?: string;
}

const HELP = `
Examples:
  dunlin send +491701234567 "Invoice 1047 is due on Friday."
  dunlin send +491701234567 "Please call back." --wait
  dunlin send +491701234567 "Straße “8 €”" --dry-run --json

Exit codes: 0 accepted (with --wait: delivered, or submitted when no report was asked for), 1 refused,
2 not delivered, 3 no gateway answers, 4 not settled when the time was over.`;

export function sendCommand(io: CliIo): Command {
  const command = new Command("send")
    .description("Send a message through a running gateway.")
    .argument("<number>", "E.164, or as dialled in the home country of the settings")
    .argument("<text>", "the text")
    .option(
      "-w, --wait [seconds]",
      `follow it until it is settled (default ${WAIT_SECONDS_DEFAULT} s)`,
      wholeNumber,
    )
    .option("--priority <0-9>", "0 is bulk, 9 is urgent", wholeNumber)
    .option("--reference <text>", "your own reference")
    .option("--sim <iccid>", "the SIM that must send it")
    .option("--not-before <moment>", "such as 2026-03-01T09:00:00+01:00")
    .option("--not-after <moment>", "then it is given up")
    .option("--transliterate", "replace characters that would make it longer")
    .option("--flash", "shown at once, stored nowhere (class 0)")
    .option("--no-report", "ask for no delivery report")
    .addOption(
      new Option("--on-unknown <policy>", "when nothing tells whether it was sent").choices([
        "hold",
        "resend",
      ]),
    )
    .addOption(
      new Option("--evidence <kind>", "send from the modem's storage, which remembers").choices(["stored"]),
    )
    .option("--idempotency-key <key>", "the same key again sends nothing again")
    .option("--dry-run", "check and count only")
    .option("--json", "the gateway's answer as JSON")
    .addHelpText("after", HELP);
  return withClientOptions(command).action((number: string, text: string, flags: Flags) =>
    attempt(io, () => send(io, number, text, flags)),
  );
}

function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError("Give a whole number.");
  return Number(text);
}

async function send(io: CliIo, to: string, text: string, flags: Flags): Promise<void> {
  const client = createClient(io, flags);
  const body = bodyOf(to, text, flags);
  if (flags.dryRun === true)
    return showDryRun(io, await client.call("POST", "/v1/messages", DryRun, body), flags);
  const headers = flags.idempotencyKey === undefined ? {} : { "idempotency-key": flags.idempotencyKey };
  const accepted = await client.call("POST", "/v1/messages", Message, body, headers);
  if (flags.wait === undefined) return showMessage(io, accepted, flags);
  const seconds = flags.wait === true ? WAIT_SECONDS_DEFAULT : flags.wait;
  const last = await follow(io, client, accepted, seconds);
  showMessage(io, last, flags);
  io.exit(exitCodeOf(last));
}

function bodyOf(to: string, text: string, flags: Flags): Record<string, unknown> {
  const { priority, reference, sim, notBefore, notAfter, transliterate, onUnknown, evidence, dryRun } = flags;
  const wanted = {
    priority,
    reference,
    sim,
    notBefore,
    notAfter,
    transliterate,
    onUnknown,
    evidence,
    dryRun,
  };
  const given = Object.entries(wanted).filter(([, value]) => value !== undefined);
  return {
    to,
    text,
    ...Object.fromEntries(given),
    ...(flags.report ? {} : { report: false }),
    ...(flags.flash === true ? { class: 0 } : {}),
  };
}

async function follow(io: CliIo, client: Client, accepted: Message, seconds: number): Promise<Message> {
  const { clock } = io;
  const progress = createProgress(io);
  const startedAt = clock.monotonic();
  let message = accepted;
  while (!isSettled(message) && clock.monotonic() - startedAt < seconds * 1_000) {
    const passed = Math.floor((clock.monotonic() - startedAt) / 1_000);
    progress.show(`${message.state} … ${passed} s`);
    await clock.sleep(POLL_MS);
    message = await client.call("GET", `/v1/messages/${accepted.id}`, Message);
  }
  progress.clear();
  return message;
}

function isSettled(message: Message): boolean {
  return SETTLED.includes(message.state) || (message.state === "submitted" && !message.report);
}

function exitCodeOf(message: Message): number {
  if (!isSettled(message)) return EXIT.pending;
  return message.state === "delivered" || message.state === "submitted" ? EXIT.done : EXIT.undelivered;
}

function showMessage(io: CliIo, message: Message, flags: Flags): void {
  if (flags.json === true) printJson(io, message);
  else printMessage(io, message);
}

function printMessage(io: CliIo, message: Message): void {
  const count = message.segmentCount === 1 ? "1 segment" : `${message.segmentCount} segments`;
  io.out(
    `${message.id}  ${colourState(io, message.state)}  ${count}, ${message.alphabet}, to ${message.to}\n`,
  );
  const reasons = new Set(message.segments.flatMap(({ reason }) => reason ?? []));
  for (const reason of reasons) io.out(`  ${reason}\n`);
}

function showDryRun(io: CliIo, answer: DryRun, flags: Flags): void {
  if (flags.json === true) printJson(io, answer);
  else printDryRun(io, answer);
}

function printDryRun(io: CliIo, answer: DryRun): void {
  const count = answer.segments.length === 1 ? "1 segment" : `${answer.segments.length} segments`;
  io.out(`not sent: ${count}, ${answer.alphabet}, to ${answer.to}\n`);
  const forcing = answer.forcingUcs2.map((one) => one.character).join(" ");
  if (forcing !== "") io.out(`  these characters make it UCS-2: ${forcing}\n`);
  for (const { from, to } of answer.replacements) io.out(`  ${from} is sent as ${to}\n`);
}
