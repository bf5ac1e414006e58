/** The processes of the demo: started together, watched, and ended together. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Clock } from "#shared/clock.ts";

const ENTRY = fileURLToPath(new URL("../dunlin.js", import.meta.url));
const STOP_TIMEOUT_MS = 10_000;
/** What a child may print before it is ready; more is a sign that something is wrong. */
const OUTPUT_CHARS_MAX = 200_000;

export interface Child {
  readonly name: string;
  readonly process: ChildProcess;
  /** Resolves with the first line that matches. Rejects when the process ends or the time is over. */
  line(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray>;
  stop(): Promise<void>;
}

export interface ChildOptions {
  readonly clock: Clock;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts `dunlin ARGS…` as a process of its own. */
export function startChild(name: string, args: readonly string[], options: ChildOptions): Child {
  const child = spawn(process.execPath, [ENTRY, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...options.environment },
  });
  let output = "";
  const listeners = new Set<() => void>();
  const take = (chunk: Buffer): void => {
    output = (output + chunk.toString("utf8")).slice(-OUTPUT_CHARS_MAX);
    for (const listener of listeners) listener();
  };
  child.stdout.on("data", take);
  child.stderr.on("data", take);
  child.once("exit", () => {
    for (const listener of listeners) listener();
  });

  const line = (pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const finish = (act: () => void): void => {
        listeners.delete(look);
        cancel();
        act();
      };
      const cancel = options.clock.timer(timeoutMs, () =>
        finish(() => reject(new Error(`The ${name} was not ready in ${timeoutMs / 1_000} s.\n${output}`))),
      );
      const look = (): void => {
        const match = pattern.exec(output);
        if (match !== null) finish(() => resolve(match));
        else if (child.exitCode !== null) finish(() => reject(new Error(`The ${name} ended.\n${output}`)));
      };
      listeners.add(look);
      look();
    });
  return { name, process: child, line, stop: () => stopChild(child, options.clock) };
}

async function stopChild(child: ChildProcess, clock: Clock): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const cancel = clock.timer(STOP_TIMEOUT_MS, () => child.kill("SIGKILL"));
  await exited;
  cancel();
}
