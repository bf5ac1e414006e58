/**
 * A gateway without modems that posts messages to itself and prints what it answered: `202 ID` or
 * `STATUS CODE`, one line each. Run under strace, which makes chosen disk calls fail.
 */
import { writeSync } from "node:fs";
import { GatewaySettings } from "#gateway/config.ts";
import { startGateway } from "#gateway/main.ts";
import { silentLogger } from "#shared/logger.ts";

const [dataDir = "", count = "50"] = process.argv.slice(2);

// Written at once: what stands in a buffer would be lost with the process.
const say = (line: string): void => void writeSync(1, `${line}\n`);

try {
  const settings = GatewaySettings.parse({ dataDir, http: { port: 0 }, numbers: { allowUnassigned: true } });
  const gateway = await startGateway(settings, { log: silentLogger });
  const { text: key } = await gateway.keys.create({ name: "disk", scopes: ["admin"] });
  say("started");
  for (let n = 0; n < Number(count); n++) {
    const answer = await fetch(`${gateway.address}/v1/messages`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ to: `+49171392${String(n).padStart(4, "0")}`, text: `message ${n}` }),
    });
    const body = (await answer.json()) as { id?: string; code?: string };
    say(`${answer.status} ${body.id ?? body.code}`);
  }
  await gateway.stop();
  say("stopped");
} catch (error) {
  say(`ended ${(error as Error).name}`);
  process.exitCode = 1;
}
