/**
 * `dunlin demo`: four simulated modems on pseudo-terminals and a gateway that takes them for real ones.
 * Three messages go out and are watched until they arrive; then the scheduler does its main job, a
 * month of reminders in a few minutes; then it waits for messages of yours.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, Option } from "commander";
import { playScheduler } from "#scheduler/demo/scenario.ts";
import { systemClock } from "#shared/clock.ts";
import { type Child, startChild } from "./demo/children.ts";
import { callJson, createGatewayClient } from "./demo/client.ts";
import { freePort } from "./demo/free-port.ts";
import { playMessages, watchMessages } from "./demo/messages.ts";

const MODEMS = 4;
const PORT_WANTED = 8025;
const FAST_NETWORK_MS = 50;
const READY_TIMEOUT_MS = 30_000;

interface Flags {
  readonly once?: boolean;
  readonly only?: "messages" | "invoices";
  readonly port: string;
}

export function demoCommand(): Command {
  return new Command("demo")
    .description("Watch messages and payment reminders go out through simulated modems. Needs no hardware.")
    .addOption(new Option("--only <part>", "show one part of it").choices(["messages", "invoices"]))
    .option("--once", "end when all has been shown, instead of waiting for messages of yours")
    .option("--port <port>", "where the gateway listens; a free one when taken", String(PORT_WANTED))
    .action((flags: Flags) => runDemo(flags));
}

async function runDemo(flags: Flags): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "dunlin-demo-"));
  const children: Child[] = [];
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once("SIGINT", onSignal);
  process.once("SIGTERM", onSignal);
  try {
    say("Starting four simulated modems and a gateway …\n");
    const control = await startSimulator(folder, children);
    const { baseUrl, key } = await startGateway(folder, Number(flags.port), children);
    introduce(folder, baseUrl, key);
    const gateway = createGatewayClient(baseUrl, key);
    const { signal } = stop;
    const screen = process.stdout;
    if (flags.only !== "invoices")
      await playMessages({ gateway, control, screen, clock: systemClock, signal });
    if (flags.only !== "messages" && !signal.aborted)
      await playInvoices(folder, baseUrl, key, control, signal);
    if (flags.once === true || signal.aborted) return;
    say("\nThe gateway goes on running; messages of yours appear here. Ctrl-C ends it.");
    await watchMessages({ gateway, screen, signal });
    await untilEnded(children, signal);
  } finally {
    process.removeListener("SIGINT", onSignal);
    process.removeListener("SIGTERM", onSignal);
    // The gateway first, so that it sees its modems to the end.
    for (const child of children.reverse()) await child.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function playInvoices(
  folder: string,
  gatewayUrl: string,
  gatewayKey: string,
  controlUrl: string,
  signal: AbortSignal,
): Promise<void> {
  // The month is played fast, and so the network has to be.
  await callJson(`${controlUrl}/network`, "PATCH", {
    latency: FAST_NETWORK_MS,
    reportDelay: FAST_NETWORK_MS,
  });
  say("\nNow the main job: 200 unpaid invoices, a month and a half of reminders in about six minutes.");
  const dataDir = join(folder, "scheduler");
  mkdirSync(dataDir);
  const { messages, delivered, paidCases } = await playScheduler({
    dataDir,
    gatewayUrl,
    gatewayKey,
    controlUrl,
    screen: process.stdout,
    signal,
  });
  say(
    `\n  ${messages} reminders and thanks sent, ${delivered} delivered, ${paidCases} cases paid and closed.`,
  );
}

/** Returns the address of the simulator's control API. */
async function startSimulator(folder: string, children: Child[]): Promise<string> {
  const simulator = startChild(
    "simulator",
    [
      "simulator",
      "--modems",
      String(MODEMS),
      "--profile",
      "quectel-ec25",
      "--pty",
      ports(folder),
      "--latency",
      "lte",
    ],
    { clock: systemClock },
  );
  children.push(simulator);
  const [, control] = await simulator.line(/^control\s+(\S+)$[\s\S]*^ready$/m, READY_TIMEOUT_MS);
  return control as string;
}

async function startGateway(
  folder: string,
  wantedPort: number,
  children: Child[],
): Promise<{ baseUrl: string; key: string }> {
  const port = await freePort(wantedPort);
  const config = join(folder, "dunlin.toml");
  mkdirSync(join(folder, "data"));
  writeFileSync(config, settings(folder, port));
  const keys = startChild(
    "key maker",
    ["keys", "create", "demo", "--scope", "admin", "--json", "--config", config],
    {
      clock: systemClock,
    },
  );
  const [, key] = await keys.line(/"key":\s*"([^"]+)"/, READY_TIMEOUT_MS);
  await keys.stop();
  const gateway = startChild("gateway", ["gateway", "--config", config], { clock: systemClock });
  children.push(gateway);
  const baseUrl = `http://127.0.0.1:${port}`;
  await gateway.line(/listening/, READY_TIMEOUT_MS);
  return { baseUrl, key: key as string };
}

function settings(folder: string, port: number): string {
  const modems = Array.from(
    { length: MODEMS },
    (_, i) => `[[modems]]\nname = "modem${i}"\nport = "${join(ports(folder), `modem${i}`)}"\n`,
  );
  return [
    `dataDir = "${join(folder, "data")}"`,
    `[http]\nport = ${port}`,
    `[numbers]\nhomeCountry = "DE"\nallowedCountries = ["*"]\nallowUnassigned = true`,
    // The scheduler of the demo takes its webhooks on this machine.
    `[webhooks]\nallowedNetworks = ["127.0.0.0/8"]`,
    ...modems,
  ].join("\n\n");
}

function introduce(folder: string, baseUrl: string, key: string): void {
  say(`  modems     ${join(ports(folder), "modem0")} … modem${MODEMS - 1}
  gateway    ${baseUrl}
  interface  ${baseUrl}/docs
  key        ${key}

Send one yourself, from another terminal:

  curl ${baseUrl}/v1/messages \\
    -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\
    -d '{"to": "+491713920001", "text": "Hello from Dunlin"}'
`);
}

function ports(folder: string): string {
  return join(folder, "ports");
}

/** Waits for Ctrl-C. @throws Error when a process of the demo ends by itself. */
function untilEnded(children: readonly Child[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
    for (const { name, process: child } of children)
      child.once("exit", () => (signal.aborted ? resolve() : reject(new Error(`The ${name} ended.`))));
  });
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
