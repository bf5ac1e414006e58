/** `dunlin messages`: what became of them. */
import { Command, InvalidArgumentError, Option } from "commander";
import { Message, MessagePage, type Segment } from "#shared/gateway-api.ts";
import { type ClientFlags, createClient, withClientOptions } from "./client.ts";
import { attempt, type CliIo } from "./io.ts";
import { printFields, printJson, printTable } from "./output.ts";

interface ListFlags extends ClientFlags {
  readonly state?: string;
  readonly to?: string;
  readonly reference?: string;
  readonly after?: string;
  readonly limit: string;
  readonly json?: boolean;
}

interface OneFlags extends ClientFlags {
  readonly json?: boolean;
}

interface ResolveFlags extends OneFlags {
  readonly outcome: string;
  readonly segment?: number;
}

const HELP = `
Examples:
  dunlin messages
  dunlin messages list --state failed --limit 100
  dunlin messages show msg_01m7zz5v7aeyst5d16z6zd73vp
  dunlin messages cancel msg_01m7zz5v7aeyst5d16z6zd73vp
  dunlin messages resolve msg_01m7zz5v7aeyst5d16z6zd73vp --outcome not-sent`;

export function messagesCommand(io: CliIo): Command {
  const list = new Command("list")
    .description("List messages, newest first.")
    .option("--state <state>", "queued, submitted, delivered, failed, unknown, …")
    .option("--to <number>", "to this number")
    .option("--reference <text>", "with this reference")
    .option("--limit <count>", "how many", "20")
    .option("--after <id>", "older than this one")
    .option("--json", "the gateway's answer as JSON");
  const show = new Command("show")
    .description("One message with its segments, and what is known of each attempt.")
    .argument("<id>")
    .option("--json", "the gateway's answer as JSON");
  const cancel = new Command("cancel")
    .description("Take a message back that is still queued.")
    .argument("<id>")
    .option("--json", "the gateway's answer as JSON");
  return new Command("messages")
    .description("List, show, cancel and resolve messages of a running gateway.")
    .addHelpText("after", HELP)
    .addCommand(
      withClientOptions(list).action((flags: ListFlags) => attempt(io, () => listMessages(io, flags))),
      { isDefault: true },
    )
    .addCommand(
      withClientOptions(show).action((id: string, flags: OneFlags) =>
        attempt(io, async () => {
          const message = await createClient(io, flags).call(
            "GET",
            `/v1/messages/${encodeURIComponent(id)}`,
            Message,
          );
          showMessage(io, message, flags);
        }),
      ),
    )
    .addCommand(
      withClientOptions(cancel).action((id: string, flags: OneFlags) =>
        attempt(io, async () => {
          const path = `/v1/messages/${encodeURIComponent(id)}/cancel`;
          showMessage(io, await createClient(io, flags).call("POST", path, Message), flags);
        }),
      ),
    )
    .addCommand(resolveCommand(io));
}

function resolveCommand(io: CliIo): Command {
  const outcome = new Option(
    "--outcome <decision>",
    "sent: it counts as submitted; not-sent: it goes out again; failed: it is given up",
  ).choices(["sent", "not-sent", "failed"]);
  const command = new Command("resolve")
    .description("Decide about segments of which nobody knows whether they were sent.")
    .argument("<id>")
    .addOption(outcome.makeOptionMandatory())
    .option("--segment <number>", "this one only (default: every unknown one)", segmentNumber)
    .option("--json", "the gateway's answer as JSON");
  return withClientOptions(command).action((id: string, flags: ResolveFlags) =>
    attempt(io, async () => {
      const path = `/v1/messages/${encodeURIComponent(id)}/resolve`;
      const body = { outcome: flags.outcome, segment: flags.segment };
      showMessage(io, await createClient(io, flags).call("POST", path, Message, body), flags);
    }),
  );
}

function segmentNumber(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError("Give the number of a segment.");
  return Number(text);
}

async function listMessages(io: CliIo, flags: ListFlags): Promise<void> {
  const { state, to, reference, after, limit } = flags;
  const given = Object.entries({ state, to, reference, after, limit }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const page = await createClient(io, flags).call(
    "GET",
    `/v1/messages?${new URLSearchParams(given)}`,
    MessagePage,
  );
  if (flags.json === true) return printJson(io, page);
  const rows = page.items.map((message) => [
    message.id,
    message.state,
    message.to,
    String(message.segmentCount),
    momentOf(message.acceptedAt),
    message.text,
  ]);
  printTable(io, ["ID", "STATE", "TO", "SEGMENTS", "ACCEPTED (UTC)", "TEXT"], rows);
  if (page.nextCursor !== undefined) io.err(`more: dunlin messages list --after ${page.nextCursor}\n`);
}

function showMessage(io: CliIo, message: Message, flags: OneFlags): void {
  if (flags.json === true) printJson(io, message);
  else printMessage(io, message);
}

function printMessage(io: CliIo, message: Message): void {
  printFields(io, [
    ["id", message.id],
    ["state", message.state],
    ["to", message.to],
    ["text", message.text],
    ["reference", message.reference],
    ["accepted", message.acceptedAt],
    ["submitted", message.submittedAt],
    ["delivered", message.deliveredAt],
    ["not before", message.notBefore],
    ["not after", message.notAfter],
  ]);
  const rows = message.segments.map((segment) => [
    String(segment.number),
    segment.state,
    segment.modem ?? "",
    segment.messageReference === undefined ? "" : String(segment.messageReference),
    String(segment.attempts),
    segment.reason ?? "",
  ]);
  printTable(io, ["SEGMENT", "STATE", "MODEM", "REFERENCE", "ATTEMPTS", "REASON"], rows);
  for (const segment of message.segments) printHistory(io, segment);
}

/** Attempts of which nobody knew the end, and what was seen of them. */
function printHistory(io: CliIo, segment: Segment): void {
  for (const { try: number, modem, startedAt, outcome, detail, evidence } of segment.history ?? []) {
    if (outcome !== "unknown" && evidence.length === 0) continue;
    const when = momentOf(startedAt);
    io.out(`\nsegment ${segment.number}, try ${number}, ${modem}, ${when}: ${detail ?? outcome ?? ""}\n`);
    if (evidence.length === 0) io.out("nothing was seen of it yet\n");
    else
      printTable(
        io,
        ["SEEN (UTC)", "EVIDENCE", "VERDICT", "WHAT"],
        evidence.map(({ at, kind, verdict, saw }) => [momentOf(at), kind, verdict, saw]),
      );
  }
}

/** RFC 3339 without what a table does not need. */
function momentOf(timestamp: string): string {
  return timestamp.slice(0, 19).replace("T", " ");
}
