/** `dunlin messages`: what became of them. */
import { Command } from "commander";
import { Message, MessagePage } from "#shared/gateway-api.ts";
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

const HELP = `
Examples:
  dunlin messages
  dunlin messages list --state failed --limit 100
  dunlin messages show msg_01m7zz5v7aeyst5d16z6zd73vp
  dunlin messages cancel msg_01m7zz5v7aeyst5d16z6zd73vp`;

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
    .description("One message with its segments.")
    .argument("<id>")
    .option("--json", "the gateway's answer as JSON");
  const cancel = new Command("cancel")
    .description("Take a message back that is still queued.")
    .argument("<id>")
    .option("--json", "the gateway's answer as JSON");
  return new Command("messages")
    .description("List, show and cancel messages of a running gateway.")
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
    );
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
    message.acceptedAt.slice(0, 19).replace("T", " "),
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
}
