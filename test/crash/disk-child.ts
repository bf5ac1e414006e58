/**
 * A gateway that posts messages to itself and prints what it answered, one line each: `202 ID` or
 * `STATUS CODE`. With a simulated modem it also prints `sent RECIPIENT` for each message that the network
 * took. Run under strace, which makes chosen disk calls fail.
 */
import { writeSync } from "node:fs";
import { GatewaySettings } from "#gateway/config.ts";
import { type Gateway, startGateway } from "#gateway/main.ts";
import { createSimulator } from "#hardware/simulator/simulator.ts";
import { systemClock } from "#shared/clock.ts";
import { silentLogger } from "#shared/logger.ts";
import { seededRandom } from "#shared/random.ts";

const [dataDir = "", count = "50", modems = "0", firstNumber = "0"] = process.argv.slice(2);
/** By then the modem has sent all that the database lets it send. */
const SENDING_MS_MAX = 8_000;
const LOOK_MS = 50;

// Written at once: what stands in a buffer would be lost with the process.
const say = (line: string): void => void writeSync(1, `${line}\n`);

const simulator = createSimulator({
  clock: systemClock,
  random: seededRandom(1),
  modems: Array.from({ length: Number(modems) }, () => ({ profile: "generic-strict" })),
});
simulator.ledger.subscribe(({ destination }) => say(`sent ${destination}`));

try {
  const gateway = await start();
  const { text: key } = await gateway.keys.create({ name: "disk", scopes: ["admin"] });
  say("started");
  await post(gateway, key);
  if (Number(modems) > 0) await untilSent(gateway);
  await gateway.stop();
  simulator.stop();
  say("stopped");
} catch (error) {
  say(`ended ${(error as Error).name}`);
  process.exit(1);
}

function start(): Promise<Gateway> {
  const settings = GatewaySettings.parse({
    dataDir,
    http: { port: 0 },
    numbers: { allowUnassigned: true },
    modems: simulator.modems.map(({ name }) => ({ name, port: `unix:/simulated/${name}` })),
  });
  const openPort = ({ name }: { readonly name: string }) => simulator.modem(name).open;
  return startGateway(settings, { log: silentLogger, openPort });
}

async function post(gateway: Gateway, key: string): Promise<void> {
  for (let n = 0; n < Number(count); n++) {
    const answer = await fetch(`${gateway.address}/v1/messages`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({
        to: `+49171392${String(Number(firstNumber) + n).padStart(4, "0")}`,
        text: `message ${n}`,
      }),
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
