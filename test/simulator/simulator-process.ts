/** The simulator in a process of its own, as people start it. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { keep } from "#test/support/kept.ts";

export interface SimulatorProcess {
  /** What it printed up to `ready`. */
  readonly lines: readonly string[];
  /** Its control address. */
  readonly control: string | undefined;
  readonly pid: number | undefined;
  /** Resolves when it has ended. */
  stop(signal?: NodeJS.Signals): Promise<{ code: number | null; signal: string | null }>;
}

/** Resolves at the line `ready`; rejects when it ends before. */
export async function startSimulator(flags: readonly string[]): Promise<SimulatorProcess> {
  const args = ["bin/dunlin.js", "simulator", ...flags];
  const child = keep(spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] }));
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line === "ready") return running(child, ended, lines);
  }
  throw new Error(`the simulator ended before it was ready: ${errors}`);
}

function running(
  child: ChildProcess,
  ended: Promise<{ code: number | null; signal: string | null }>,
  lines: readonly string[],
): SimulatorProcess {
  const control = lines.find((line) => line.startsWith("control"))?.split(/\s+/)[1];
  return {
    lines,
    control,
    pid: child.pid,
    stop: (signal = "SIGTERM") => {
      child.kill(signal);
      return ended;
    },
  };
}
