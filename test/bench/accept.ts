/**
 * How many messages a second are on disk and answered with 202: the whole service in a process of its
 * own with its database on disk and FULL sync, and a load generator in this one, on the same machine.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";

const SERVER = new URL("accept-server.ts", import.meta.url);
const CONNECTIONS = [1, 8, 32];
const SECONDS = 5;
const WARM_UP = 2_000;

interface Measured {
  readonly accepts: number;
  readonly seconds: number;
  readonly latenciesMs: number[];
  readonly cpuSeconds: number;
}

interface Target {
  readonly port: number;
  readonly key: string;
}

/** `[--seconds 5] [--connections 1,8,32] [--dir FOLDER]`; the folder decides which disk is measured. */
export async function benchAccept(args: readonly string[]): Promise<void> {
  const option = (name: string): string | undefined => args[args.indexOf(`--${name}`) + 1 || args.length];
  const seconds = Number(option("seconds") ?? SECONDS);
  const connections = option("connections")?.split(",").map(Number) ?? CONNECTIONS;
  const folder = mkdtempSync(join(option("dir") ?? tmpdir(), "dunlin-bench-"));
  const server = fork(SERVER, [folder]);
  try {
    const [{ address, key }] = (await once(server, "message")) as [{ address: string; key: string }];
    const target = { port: Number(new URL(address).port), key };
    await load(target, 8, WARM_UP, Number.POSITIVE_INFINITY);
    say("connections   accepts/s    p50 ms    p99 ms    server CPU s per 1,000");
    for (const count of connections) report(count, await measure(server, target, count, seconds));
  } finally {
    server.send("stop");
    if (server.exitCode === null) await once(server, "exit");
    rmSync(folder, { recursive: true });
  }
}

async function measure(
  server: ChildProcess,
  target: Target,
  connections: number,
  seconds: number,
): Promise<Measured> {
  const before = await cpuOf(server);
  const startedAt = performance.now();
  const latenciesMs = await load(target, connections, Number.POSITIVE_INFINITY, startedAt + seconds * 1_000);
  const took = (performance.now() - startedAt) / 1_000;
  const cpuSeconds = (await cpuOf(server)) - before;
  return { accepts: latenciesMs.length, seconds: took, latenciesMs, cpuSeconds };
}

async function cpuOf(server: ChildProcess): Promise<number> {
  server.send("cpu");
  const [{ cpu }] = (await once(server, "message")) as [{ cpu: NodeJS.CpuUsage }];
  return (cpu.user + cpu.system) / 1e6;
}

/** Each connection sends its next message as soon as the last one is answered. */
async function load(
  target: Target,
  connections: number,
  acceptsMax: number,
  untilMs: number,
): Promise<number[]> {
  const latenciesMs: number[] = [];
  const run = { sent: 0, acceptsMax, untilMs, latenciesMs };
  await Promise.all(Array.from({ length: connections }, () => drive(target, run)));
  return latenciesMs;
}

interface Run {
  sent: number;
  readonly acceptsMax: number;
  readonly untilMs: number;
  readonly latenciesMs: number[];
}

function drive(target: Target, run: Run): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(target.port, "127.0.0.1").setNoDelay();
    let sentAt = 0;
    let rest = "";
    const next = (): void => {
      if (run.sent >= run.acceptsMax || performance.now() >= run.untilMs) return void socket.end(resolve);
      sentAt = performance.now();
      post(socket, target, run.sent++);
    };
    socket.on("connect", next).on("error", reject);
    socket.on("data", (chunk) => {
      rest += chunk.toString("latin1");
      const length = answerLength(rest);
      if (length === undefined || rest.length < length) return;
      if (!rest.startsWith("HTTP/1.1 202")) return reject(new Error(rest));
      rest = rest.slice(length);
      run.latenciesMs.push(performance.now() - sentAt);
      next();
    });
  });
}

function post(socket: Socket, target: Target, number: number): void {
  const to = `+49170${1_000_000 + ((number * 7_919) % 9_000_000)}`;
  const text = `Your invoice ${number} over 129.90 EUR was due on 5 January. Please pay within seven days. Thank you.`;
  const body = JSON.stringify({ to, text, reference: `INV-${number}` });
  socket.write(
    `POST /v1/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${target.key}\r\n` +
      `Content-Type: application/json\r\nIdempotency-Key: bench-${number}-${performance.now()}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** Octets of a whole answer, or undefined while its head is not there. */
function answerLength(text: string): number | undefined {
  const head = text.indexOf("\r\n\r\n");
  if (head === -1) return undefined;
  return head + 4 + Number(/content-length: (\d+)/i.exec(text.slice(0, head))?.[1] ?? 0);
}

function report(connections: number, { accepts, seconds, latenciesMs, cpuSeconds }: Measured): void {
  latenciesMs.sort((a, b) => a - b);
  const percentile = (share: number): string =>
    (latenciesMs[Math.floor(latenciesMs.length * share)] ?? 0).toFixed(2).padStart(10);
  say(
    String(connections).padStart(11) +
      Math.round(accepts / seconds)
        .toString()
        .padStart(12) +
      percentile(0.5) +
      percentile(0.99) +
      ((cpuSeconds / accepts) * 1_000).toFixed(3).padStart(20),
  );
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
