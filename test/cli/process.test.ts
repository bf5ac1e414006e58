/** The service as a process: how it starts, how it ends, and what it says when it cannot. */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Child, startChild } from "#bin/demo/children.ts";
import { systemClock } from "#shared/clock.ts";

const READY_MS = 30_000;

let folder: string;
let children: Child[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dunlin-process-"));
  children = [];
});
afterEach(async () => {
  await Promise.all(children.map((child) => child.stop()));
  rmSync(folder, { recursive: true });
});

function gateway(...args: string[]): Child {
  const all = ["gateway", "--data-dir", join(folder, "data"), "--port", "0", ...args];
  const child = startChild("gateway", all, { clock: systemClock });
  children.push(child);
  return child;
}

test("a signal ends it in order, with the reason in the log", async () => {
  const child = gateway();
  const [, address = ""] = await child.line(/"address":"([^"]+)".*is listening/, READY_MS);
  expect((await fetch(`${address}/healthz`)).status).toBe(200);
  child.process.kill("SIGTERM");
  await child.line(/"signal":"SIGTERM".*stopping[\s\S]*the gateway has stopped/, READY_MS);
  if (child.process.exitCode === null) await once(child.process, "exit");
  expect(child.process.exitCode).toBe(0);
});

test("a connection that never asks for anything does not keep it alive", async () => {
  const child = gateway();
  const [, port = ""] = await child.line(/"address":"[^"]+:(\d+)".*is listening/, READY_MS);
  const silent = connect(Number(port), "127.0.0.1");
  await once(silent, "connect");
  const closed = once(silent, "close");
  child.process.kill("SIGTERM");
  await Promise.all([closed, once(child.process, "exit")]);
  expect(child.process.exitCode).toBe(0);
});

test("a second gateway on the same database is told so", async () => {
  await gateway().line(/is listening/, READY_MS);
  const second = gateway();
  await second.line(/^error: The database .* is in use by another process/m, READY_MS);
  if (second.process.exitCode === null) await once(second.process, "exit");
  expect(second.process.exitCode).toBe(1);
});

test("an address that is taken is named, with the setting that changes it", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const child = gateway("--port", String(port));
  await child.line(
    new RegExp(`^error: 127\\.0\\.0\\.1:${port}: another program .* http\\.port`, "m"),
    READY_MS,
  );
  other.close();
});

test("wrong settings are named one by one, before anything starts", async () => {
  const child = gateway("--set", "http.prot=1");
  await child.line(
    /^error: flag http\.prot: no setting has this name; did you mean http\.port\?$/m,
    READY_MS,
  );
});
