/** The whole gateway in this process: simulated modems in place of ports, a database on disk, real HTTP. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GatewaySettings } from "#gateway/config.ts";
import { type Gateway, startGateway } from "#gateway/main.ts";
import type { OpenPort } from "#hardware/port/port.ts";
import { createSimulator, type Simulator } from "#hardware/simulator/simulator.ts";
import { systemClock } from "#shared/clock.ts";
import { type Logger, silentLogger } from "#shared/logger.ts";
import { seededRandom } from "#shared/random.ts";

export interface WholeOptions {
  readonly modems: number;
  readonly settings?: object;
  readonly log?: Logger;
}

export interface WholeGateway extends AsyncDisposable {
  readonly folder: string;
  readonly gateway: Gateway;
  readonly simulator: Simulator;
  /** Of the scope `admin`. */
  readonly key: string;
  /** What was written to each modem, as it was written. */
  readonly written: ReadonlyMap<string, Buffer[]>;
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
}

export async function startWhole(options: WholeOptions): Promise<WholeGateway> {
  const folder = mkdtempSync(join(tmpdir(), "dunlin-whole-"));
  const names = Array.from({ length: options.modems }, (_, i) => `m${i}`);
  const simulator = createSimulator({
    clock: systemClock,
    random: seededRandom(1),
    modems: names.map((name) => ({ name, profile: "quectel-ec25" })),
  });
  const written = new Map(names.map((name): [string, Buffer[]] => [name, []]));
  const settings = GatewaySettings.parse({
    dataDir: join(folder, "data"),
    http: { port: 0 },
    numbers: { homeCountry: "DE" },
    modems: names.map((name) => ({ name, port: `unix:/simulated/${name}` })),
    ...options.settings,
  });
  const gateway = await startGateway(settings, {
    log: options.log ?? silentLogger,
    checkAnswers: true,
    openPort: ({ name }) => tapped(simulator.modem(name).open, written.get(name) ?? []),
  });
  const { text: key } = await gateway.keys.create({ name: "test", scopes: ["admin"] });
  return {
    folder,
    gateway,
    simulator,
    key,
    written,
    async call(method, path, body) {
      const response = await fetch(`${gateway.address}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
    },
    async [Symbol.asyncDispose]() {
      await gateway.stop();
      simulator.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function tapped(open: OpenPort, written: Buffer[]): OpenPort {
  return async (handlers) => {
    const port = await open(handlers);
    return {
      name: port.name,
      close: () => port.close(),
      write(bytes) {
        written.push(Buffer.from(bytes));
        port.write(bytes);
      },
    };
  };
}
