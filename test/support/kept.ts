/**
 * A process that a test started ends with the test at the latest, also when the test ran into its time
 * limit and never came to its own end. What was started before a file's first test ends with the file.
 */
import type { ChildProcess } from "node:child_process";
import { afterAll, afterEach, beforeEach } from "vitest";
import { type Child, startChild } from "#bin/demo/children.ts";
import { systemClock } from "#shared/clock.ts";

/** What ends a process at the latest. */
type Until = "test" | "file";

const alive = new Map<ChildProcess, Until>();
let isInTest = false;

/** Remembers the process until it has ended. `file`: several tests in turn have to do with it. */
export function keep<T extends ChildProcess>(child: T, until: Until = isInTest ? "test" : "file"): T {
  alive.set(child, until);
  child.once("exit", () => alive.delete(child));
  return child;
}

/** `dunlin ARGS…` as a process that is kept. */
export function startKept(
  name: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Child {
  const child = startChild(name, args, { clock: systemClock, environment });
  keep(child.process);
  return child;
}

/** Those that were started now. */
export function keptProcesses(): readonly ChildProcess[] {
  return [...alive.keys()];
}

function end(...which: readonly Until[]): void {
  for (const [child, until] of alive) if (which.includes(until)) child.kill("SIGKILL");
}

beforeEach(() => {
  isInTest = true;
});
afterEach(() => {
  isInTest = false;
  end("test");
});
afterAll(() => end("test", "file"));
process.once("exit", () => end("test", "file"));
