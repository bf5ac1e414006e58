/**
 * `npm run bench -- send`: the outbox on ptys, the database on disk with a durable commit for each
 * step. Measures how fast modems are fed that answer at once, how busy they are kept when the network
 * takes two seconds, and how long an accepted message waits for an idle modem.
 */
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { systemClock } from "#shared/clock.ts";
import { openRig, type Rig, type Wire } from "./send-rig.ts";

const USAGE = `  --modems 1,8,32   fleets to measure
  --segments 4000   for each fleet that answers at once
  --busy-modems 32  modems of the network that takes --latency
  --latency 2000    milliseconds of that network
  --seconds 30      how long that network is measured
  --idle 50         messages for the wait of an idle modem
  --folder /tmp     where the database lies: on the disk that is to be measured
  --profile NAME    of the simulated modems
`;

/** Between filling the queue and the moment in which everything falls due. */
const LEAD_MS_PER_SEGMENT = 0.15;
const LEAD_MS_MIN = 500;

export async function benchSend(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      modems: { type: "string", default: "1,8,32" },
      segments: { type: "string", default: "4000" },
      "busy-modems": { type: "string", default: "32" },
      latency: { type: "string", default: "2000" },
      seconds: { type: "string", default: "30" },
      idle: { type: "string", default: "50" },
      folder: { type: "string", default: tmpdir() },
      profile: { type: "string", default: "quectel-ec25" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const common = { folder: values.folder, profile: values.profile };
  for (const modems of values.modems.split(",").map(Number))
    for (const report of [false, true]) {
      const rig = await openRig({ ...common, modems, latencyMs: 0 });
      await closing(rig, () => atOnce(rig, modems, Number(values.segments), report));
    }
  const idle = await openRig({ ...common, modems: 1, latencyMs: 0 });
  await closing(idle, () => idleWait(idle, Number(values.idle)));
  const modems = Number(values["busy-modems"]);
  const busy = await openRig({ ...common, modems, latencyMs: Number(values.latency) });
  await closing(busy, () => busyShare(busy, modems, Number(values.latency), Number(values.seconds)));
}

async function closing(rig: Rig, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } finally {
    await rig.close();
  }
}

async function atOnce(rig: Rig, modems: number, segments: number, report: boolean): Promise<void> {
  const due = systemClock.now() + Math.max(LEAD_MS_MIN, segments * LEAD_MS_PER_SEGMENT);
  await rig.fill(segments, due, report);
  await systemClock.sleep(due - systemClock.now() - 10);
  const cpu = process.cpuUsage();
  await rig.until("submitted", segments);
  const spent = process.cpuUsage(cpu);
  if (report) await rig.until("delivered", segments);
  const first = Math.min(...rig.wires.map(({ commands }) => commands[0] ?? Number.POSITIVE_INFINITY));
  const last = Math.max(...rig.wires.map(({ answers }) => answers.at(-1) ?? 0));
  const rate = segments / ((last - first) / 1_000);
  const cpuSeconds = (spent.user + spent.system) / 1e6 / (segments / 1_000);
  say(
    `${modems} modems that answer at once, ${report ? "with" : "no"} reports: ${rate.toFixed(0)} segments/s, ` +
      `${cpuSeconds.toFixed(2)} CPU s per 1,000`,
  );
}

async function idleWait(rig: Rig, messages: number): Promise<void> {
  const waits: number[] = [];
  const wire = rig.wires[0] as Wire;
  for (let n = 1; n <= messages; n++) {
    await rig.fill(1, 0, false);
    const accepted = systemClock.monotonic();
    await rig.until("submitted", n);
    waits.push((wire.commands[n - 1] ?? Number.NaN) - accepted);
  }
  say(`idle modem, accepted to AT+CMGS: ${percentiles(waits)}`);
}

async function busyShare(rig: Rig, modems: number, latencyMs: number, seconds: number): Promise<void> {
  const perModem = Math.ceil((seconds * 1_000) / latencyMs);
  // Modems begin one after the other, as they would in life: in step they would all answer at once.
  const sims = (await rig.core.fleet.sims()).map(({ iccid }) => iccid);
  for (const iccid of sims) await rig.core.sims.parkSim(iccid, "not begun");
  await rig.fill(perModem * modems, 0, false);
  const cpu = process.cpuUsage();
  for (const iccid of sims) {
    await rig.core.sims.releaseSim(iccid, "the bench");
    await systemClock.sleep(latencyMs / modems);
  }
  await rig.until("submitted", perModem * modems);
  const spent = process.cpuUsage(cpu);
  const turns = rig.wires.flatMap(({ pdus, answers }) =>
    pdus.slice(1).map((at, i) => at - (answers[i] ?? at)),
  );
  const shares = rig.wires.map(
    ({ pdus, answers }) => (answers.length * latencyMs) / ((answers.at(-1) ?? 0) - (pdus[0] ?? 0)),
  );
  const share = shares.reduce((sum, one) => sum + one, 0) / shares.length;
  say(
    `${modems} modems, ${latencyMs} ms of network: ${(100 * share).toFixed(2)} % busy, ` +
      `answer to next PDU ${percentiles(turns)}, ` +
      `${((spent.user + spent.system) / 1e6 / ((perModem * modems) / 1_000)).toFixed(2)} CPU s per 1,000`,
  );
}

function percentiles(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN).toFixed(1);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
