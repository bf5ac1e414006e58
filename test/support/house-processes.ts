/** Real processes of Dunlin for end-to-end tests: the simulator on ptys and gateways that drive it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Child } from "#bin/demo/children.ts";
import { callJson, createGatewayClient, type GatewayClient } from "#bin/demo/client.ts";
import { freePort } from "#bin/demo/free-port.ts";
import { systemClock } from "#shared/clock.ts";
import { startKept } from "./kept.ts";

const READY_TIMEOUT_MS = 30_000;

export interface LedgerEntry {
  readonly sequence: number;
  readonly modem: string;
  readonly iccid: string;
  readonly messageReference: number;
  readonly destination: string;
  readonly text?: string;
  readonly concatenation?: { readonly reference: number; readonly total: number; readonly sequence: number };
}

export interface RunningSimulator extends AsyncDisposable {
  readonly child: Child;
  readonly control: string;
  readonly folder: string;
  ports(): readonly string[];
  ledger(): Promise<readonly LedgerEntry[]>;
}

/** A simulator process with `modems` modems on ptys in a folder of its own. */
export async function runSimulator(modems: number, flags: readonly string[] = []): Promise<RunningSimulator> {
  const folder = mkdtempSync(join(tmpdir(), "dunlin-e2e-"));
  const args = ["simulator", "--modems", String(modems), "--pty", join(folder, "ports"), ...flags];
  const child = startKept("simulator", args);
  const [, address] = await child.line(/^control\s+(\S+)$[\s\S]*^ready$/m, READY_TIMEOUT_MS);
  const control = address as string;
  return {
    child,
    control,
    folder,
    ports: () => Array.from({ length: modems }, (_, i) => join(folder, "ports", `modem${i}`)),
    ledger: () => readLedger(control),
    [Symbol.asyncDispose]: async () => {
      await child.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function readLedger(control: string): Promise<readonly LedgerEntry[]> {
  const all: LedgerEntry[] = [];
  for (;;) {
    const after = all.at(-1)?.sequence ?? 0;
    const page = (await callJson(`${control}/ledger?after=${after}&limit=10000`, "GET")) as {
      entries: readonly LedgerEntry[];
    };
    if (page.entries.length === 0) return all;
    all.push(...page.entries);
  }
}

export interface RunningGateway extends AsyncDisposable {
  readonly child: Child;
  readonly baseUrl: string;
  readonly key: string;
  readonly client: GatewayClient;
  readonly config: string;
  get(path: string): Promise<unknown>;
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<unknown>;
}

export interface GatewayProcessOptions {
  readonly folder: string;
  readonly name?: string;
  readonly ports: readonly string[];
  readonly toml?: string;
}

/** Writes the settings of a gateway; `name` tells several in one folder apart. */
export async function gatewaySettings(
  options: GatewayProcessOptions,
): Promise<{ config: string; port: number }> {
  const name = options.name ?? "gateway";
  const port = await freePort(0);
  const config = join(options.folder, `${name}.toml`);
  const modems = options.ports.map((path, i) => `[[modems]]\nname = "modem${i}"\nport = "${path}"\n`);
  writeFileSync(
    config,
    [
      `dataDir = "${join(options.folder, `${name}-data`)}"`,
      options.toml ?? "",
      `[http]\nport = ${port}`,
      `[numbers]\nhomeCountry = "DE"\nallowedCountries = ["*"]\nallowUnassigned = true`,
      ...modems,
    ].join("\n\n"),
  );
  return { config, port };
}

/** A gateway process that answers HTTP, and a key for it. */
export async function runGateway(options: GatewayProcessOptions): Promise<RunningGateway> {
  const { config, port } = await gatewaySettings(options);
  const maker = startKept("key maker", [
    "keys",
    "create",
    "test",
    "--scope",
    "admin",
    "--json",
    "--config",
    config,
  ]);
  const [, key = ""] = await maker.line(/"key":\s*"([^"]+)"/, READY_TIMEOUT_MS);
  await maker.stop();
  return attach(config, port, key);
}

/** Starts a gateway again on the settings and the database it had. */
export function restartGateway(gateway: RunningGateway): Promise<RunningGateway> {
  return attach(gateway.config, Number(new URL(gateway.baseUrl).port), gateway.key);
}

async function attach(config: string, port: number, key: string): Promise<RunningGateway> {
  const child = startKept("gateway", ["gateway", "--config", config]);
  await child.line(/listening/, READY_TIMEOUT_MS);
  const baseUrl = `http://127.0.0.1:${port}`;
  const headers = { authorization: `Bearer ${key}` };
  return {
    child,
    baseUrl,
    key,
    client: createGatewayClient(baseUrl, key),
    config,
    get: (path) => callJson(`${baseUrl}${path}`, "GET", undefined, headers),
    post: (path, body, more = {}) => callJson(`${baseUrl}${path}`, "POST", body, { ...headers, ...more }),
    [Symbol.asyncDispose]: () => child.stop(),
  };
}

/**
 * Resolves when `fact` holds, looking again after each event of the gateway.
 * @throws Error after `timeoutMs`, with what was being waited for.
 */
export async function untilFact(
  gateway: RunningGateway,
  what: string,
  fact: () => Promise<boolean> | boolean,
  timeoutMs = 60_000,
): Promise<void> {
  const stop = new AbortController();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const cancel = systemClock.timer(timeoutMs, () => reject(new Error(`${what}: not within ${timeoutMs} ms`)));
  const look = async (): Promise<void> => {
    if (await fact()) resolve();
  };
  try {
    await gateway.client.follow(() => void look().catch(reject), stop.signal);
    await look();
    await promise;
  } finally {
    cancel();
    stop.abort();
  }
}
