/**
 * A gateway that posts messages to itself and prints what it answered, one line each: `202 ID` or
 * `STATUS CODE`. With a simulated modem it also prints `sent RECIPIENT` for each message that the network
 * took. Works one folder after the other, as lines of its input tell (`DiskWork` as JSON); strace makes
 * chosen disk calls fail while it does.
 */
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { GatewaySettings } from "#gateway/config.ts";
import { type Gateway, startGateway } from "#gateway/main.ts";
import { createSimulator, type Simulator } from "#hardware/simulator/simulator.ts";
import { systemClock } from "#shared/clock.ts";
import { silentLogger } from "#shared/logger.ts";
import { seededRandom } from "#shared/random.ts";
import type { DiskWork } from "./disk-rig.ts";

/** By then the modem has sent all that the database lets it send. */
const SENDING_MS_MAX = 8_000;
const LOOK_MS = 50;

// Written at once: what stands in a buffer would be lost with the process.
const say = (line: string): void => void writeSync(1, `${line}\n`);

say("here");
for await (const line of createInterface({ input: process.stdin })) await workOn(JSON.parse(line));

async function workOn(work: DiskWork): Promise<void> {
  const simulator = createSimulator({
    clock: systemClock,
    random: seededRandom(1),
    modems: Array.from({ length: work.modems }, () => ({ profile: "generic-strict" })),
  });
  simulator.ledger.subscribe(({ destination }) => say(`sent ${destination}`));
  try {
    const gateway = await start(work.folder, simulator);
    const { text: key } = await gateway.keys.create({ name: "disk", scopes: ["admin"] });
    await post(gateway, key, work);
    if (work.modems > 0) await untilSent(gateway);
    await gateway.stop();
    simulator.stop();
    say("stopped");
  } catch (error) {
    say(`ended ${(error as Error).name}`);
  }
}

function start(dataDir: string, simulator: Simulator): Promise<Gateway> {
  const settings = GatewaySettings.parse({
    dataDir,
    http: { port: 0 },
    numbers: { allowUnassigned: true },
    modems: simulator.modems.map(({ name }) => ({ name, port: `unix:/simulated/${name}` })),
  });
  const openPort = ({ name }: { readonly name: string }) => simulator.modem(name).open;
  return startGateway(settings, { log: silentLogger, openPort });
}

async function post(gateway: Gateway, key: string, { messages, from }: DiskWork): Promise<void> {
  for (let n = from; n < from + messages; n++) {
    const answer = await fetch(`${gateway.address}/v1/messages`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ to: `+49171392${String(n).padStart(4, "0")}`, text: `message ${n}` }),
    });
    const body = (await answer.json()) as { id?: string; code?: string };
    say(`${answer.status} ${body.id ?? body.code}`);
  }
}

async function untilSent(gateway: Gateway): Promise<void> {
  const until = systemClock.monotonic() + SENDING_MS_MAX;
  const waiting = (): number => {
    const { queued, submitting } = gateway.core.metrics().segments;
    return queued + submitting;
  };
  while (waiting() > 0 && systemClock.monotonic() < until) await systemClock.sleep(LOOK_MS);
}
