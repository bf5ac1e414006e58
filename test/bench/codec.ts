/**
 * `npm run bench -- codec [--rounds n]`: encodes and decodes a second, beside two published codecs.
 * All run in turn in every round, so that a busy machine is unfair to all of them alike; the figure is
 * the median of the rounds.
 */
import { parseArgs } from "node:util";
import { parse, Submit } from "node-pdu";
import nodeSmsPdu from "node-sms-pdu";
import { decodePdu } from "#hardware/pdu/decode.ts";
import { encodeMessage } from "#hardware/pdu/message.ts";
import { type Clock, systemClock } from "#shared/clock.ts";
import { segmentText } from "#shared/sms-text.ts";

const ROUNDS = 25;
const ROUND_MS = 40;
const WARM_UP_MS = 400;
/** Calls between two looks at the clock. */
const BATCH = 50;
/** What the codec is asked to reach beside node-pdu. */
const TIMES_NODE_PDU = 5;

const NUMBER = "+491701234567";
const TEXT_160 = flat(
  "Dear customer, your invoice 4711 of 12.03. over 99.50 is due today. Please pay to the account that " +
    "you know, or call us on 030 1234567. Thank you, your team. 12",
);
const TEXT_LONG_UCS2 = flat("Жили-были старик со старухой у самого синего моря. ".repeat(7).slice(0, 335));
const DELIVER_106 =
  "07912104442961F4040B916171957291F800001120821105050A6AC8B2BC7C9A83C220F6DB7D2ECB41EDF27C1E3E97411BDE06" +
  "754FD3D1A0F9BB5D0695F1F4B29B5C2683C6E8B03C3CA697E5F34D6AE303D1D1F2F7DD0D4ABB59A0797D8C0685E7A00028EC26" +
  "832A960B28EC2683BE6050780EBA97D96C17";
const STATUS_REPORT = "0006D60B911326880736F4111011719551401110117195714000";

/** As a text comes out of JSON: in one piece, not a slice of another. */
function flat(text: string): string {
  return Buffer.from(text, "utf8").toString("utf8");
}

interface Task {
  readonly name: string;
  /** By codec; the first is ours. */
  readonly contenders: Readonly<Record<string, () => unknown>>;
}

function tasks(): readonly Task[] {
  const message = { to: NUMBER, concatenationReference: 1 };
  return [
    { name: "count segments, 160 characters of 7-bit", contenders: { dunlin: () => segmentText(TEXT_160) } },
    {
      name: "encode 160 characters of 7-bit",
      contenders: {
        dunlin: () => encodeMessage({ ...message, text: TEXT_160 }),
        "node-pdu": () => new Submit(NUMBER, TEXT_160).getPartStrings(),
        "node-sms-pdu": () => nodeSmsPdu.generateSubmit(NUMBER, TEXT_160),
      },
    },
    {
      name: "encode 335 characters of UCS-2, 5 segments",
      contenders: {
        dunlin: () => encodeMessage({ ...message, text: TEXT_LONG_UCS2 }),
        "node-pdu": () => new Submit(NUMBER, TEXT_LONG_UCS2).getPartStrings(),
        "node-sms-pdu": () => nodeSmsPdu.generateSubmit(NUMBER, TEXT_LONG_UCS2),
      },
    },
    {
      name: "decode a DELIVER of 106 septets",
      contenders: {
        dunlin: () => decodePdu(DELIVER_106, { direction: "mt" }),
        "node-pdu": () => parse(DELIVER_106),
        "node-sms-pdu": () => nodeSmsPdu.parse(DELIVER_106),
      },
    },
    {
      name: "decode a STATUS-REPORT",
      contenders: {
        dunlin: () => decodePdu(STATUS_REPORT, { direction: "mt" }),
        "node-pdu": () => parse(STATUS_REPORT),
      },
    },
  ];
}

/** Calls a second. */
function rate(work: () => unknown, forMs: number, clock: Clock): number {
  const started = clock.monotonic();
  let calls = 0;
  let elapsedMs = 0;
  do {
    for (let i = 0; i < BATCH; i++) work();
    calls += BATCH;
    elapsedMs = clock.monotonic() - started;
  } while (elapsedMs < forMs);
  return (calls * 1000) / elapsedMs;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function measure({ contenders }: Task, rounds: number): ReadonlyMap<string, number> {
  const entries = Object.entries(contenders);
  for (const [, work] of entries) rate(work, WARM_UP_MS / entries.length, systemClock);
  const rates = new Map<string, number[]>(entries.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, work] of entries) rates.get(name)?.push(rate(work, ROUND_MS, systemClock));
  }
  return new Map([...rates].map(([name, values]) => [name, median(values)]));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function report(name: string, rates: ReadonlyMap<string, number>): number | undefined {
  const ours = rates.get("dunlin") ?? Number.NaN;
  say(name);
  for (const [codec, perSecond] of rates) {
    const each = `${(1_000_000 / perSecond).toFixed(2)} µs`;
    const ratio = codec === "dunlin" ? "" : `   dunlin is ${(ours / perSecond).toFixed(1)} times as fast`;
    const count = Math.round(perSecond).toLocaleString("en");
    say(`  ${codec.padEnd(13)} ${count.padStart(10)}/s ${each.padStart(10)}${ratio}`);
  }
  const nodePdu = rates.get("node-pdu");
  return nodePdu === undefined ? undefined : ours / nodePdu;
}

export async function benchCodec(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { rounds: { type: "string" } } });
  const rounds = Number(values.rounds ?? ROUNDS);
  if (!Number.isInteger(rounds) || rounds < 1) throw new TypeError("--rounds: give a whole number from 1 on");
  const ratios = tasks().flatMap((task) => report(task.name, measure(task, rounds)) ?? []);
  const least = Math.min(...ratios);
  const verdict = least >= TIMES_NODE_PDU ? "reached" : "missed";
  say(`least ratio to node-pdu ${least.toFixed(1)}; asked for ${TIMES_NODE_PDU}: ${verdict}`);
}
