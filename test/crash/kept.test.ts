/** What a test leaves running is ended after it: a run of CI must not end with gateways that nobody stops. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { keep, keptProcesses } from "#test/support/kept.ts";

let left: ChildProcess;

test("a process that its test forgets", async () => {
  left = keep(
    spawn(process.execPath, ["-e", "process.stdin.resume()"], { stdio: ["pipe", "ignore", "ignore"] }),
  );
  await once(left, "spawn");
  expect(keptProcesses()).toContain(left);
  expect(left.exitCode).toBeNull();
});

test("is ended before the next one", async () => {
  if (left.signalCode === null) await once(left, "exit");
  expect(left.signalCode).toBe("SIGKILL");
  expect(keptProcesses()).not.toContain(left);
});
