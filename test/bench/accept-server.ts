/** The gateway without modems, as a process of its own, for the accept bench. `argv[2]` is its folder. */
import { GatewaySettings } from "#gateway/config.ts";
import { startGateway } from "#gateway/main.ts";
import { createLogger } from "#shared/logger.ts";

const settings = GatewaySettings.parse({
  dataDir: process.argv[2],
  http: { port: 0 },
  numbers: { homeCountry: "DE" },
  queue: { segmentsMax: 10_000_000 },
});
const gateway = await startGateway(settings, { log: createLogger({ level: "warn", name: "bench" }) });
const { text } = await gateway.keys.create({ name: "bench", scopes: ["messages:write"] });
process.send?.({ address: gateway.address, key: text });
process.on("message", (message) => {
  if (message === "cpu") process.send?.({ cpu: process.cpuUsage(), rss: process.memoryUsage.rss() });
  else void gateway.stop().then(() => process.disconnect());
});
