/**
 * A process that a test started ends with the test at the latest, also when the test ran into its time
 * limit and never came to its own end. What was started before a file's first test ends with the file.
 */
import type { ChildProcess } from "node:child_process";
import { afterAll, afterEach, beforeEach } from "vitest";
import { type Child, startChild } from "#bin/demo/children.ts";
import { systemClock } from "#shared/clock.ts";

const alive = new Set<ChildProcess>();
let before: ReadonlySet<ChildProcess> = new Set();

/** Remembers the process until it has ended. */
export function keep<T extends ChildProcess>(child: T): T {
  alive.add(child);
  child.once("exit", () => alive.delete(child));
  return child;
}

/** `dunlin ARGS…` as a process that is kept. */
export function startKept(name: string, args: readonly string[]): Child {
  const child = startChild(name, args, { clock: systemClock });
  keep(child.process);
  return child;
}

/** Those that were started now. */
export function keptProcesses(): readonly ChildProcess[] {
  return [...alive];
}

function endAll(except: ReadonlySet<ChildProcess> = new Set()): void {
  for (const child of alive) if (!except.has(child)) child.kill("SIGKILL");
}

beforeEach(() => {
  before = new Set(alive);
});
afterEach(() => endAll(before));
afterAll(() => endAll());
process.once("exit", () => endAll());
