/**
 * A process with a gateway in it that works one folder after the other, and strace at it for as long as
 * one is worked. Starting node for each of thousands of broken runs would take longer than the runs. A
 * process whose gateway did not come to its own end is ended, as it would be in a user's house.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";
import { keep } from "#test/support/kept.ts";

const CHILD = fileURLToPath(new URL("disk-child.ts", import.meta.url));
const RUN_TIMEOUT_MS = 60_000;

/** What a child is told to do; a line of its input. */
export interface DiskWork {
  /** Where the database is. */
  readonly folder: string;
  readonly messages: number;
  readonly modems: number;
  /** Recipients are numbered from here. */
  readonly from: number;
}

export interface DiskRun {
  /** What the gateway answered and what the network took, in order. */
  readonly lines: readonly string[];
  /** What strace wrote; empty without it. */
  readonly trace: string;
}

interface Child {
  readonly process: ChildProcessWithoutNullStreams;
  readonly output: Interface;
}

export class DiskRig implements AsyncDisposable {
  #child: Child | undefined;

  /** @param flags of strace, such as the call that fails; without any, nobody looks on. */
  async run(work: DiskWork, flags: readonly string[] = []): Promise<DiskRun> {
    this.#child ??= await startChild();
    const { process, output } = this.#child;
    const trace = join(work.folder, "..", "trace");
    const strace =
      flags.length > 0 ? await attach(process.pid as number, ["-o", trace, ...flags]) : undefined;
    const lines = linesUntilEnd(output);
    process.stdin.write(`${JSON.stringify(work)}\n`);
    const { heard, isClean } = await lines;
    await strace?.leave();
    if (!isClean) await this[Symbol.asyncDispose]();
    return { lines: heard, trace: strace === undefined ? "" : readFileSync(trace, "utf8") };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    child.process.kill("SIGKILL");
    await once(child.process, "close");
  }
}

async function startChild(): Promise<Child> {
  const child = keep(spawn(process.execPath, [CHILD], { stdio: "pipe" }));
  child.stderr.pipe(process.stderr);
  const output = createInterface({ input: child.stdout });
  await once(output, "line", { signal: AbortSignal.timeout(RUN_TIMEOUT_MS) });
  return { process: child, output };
}

/** Returns when every thread of the process is watched: calls are counted from there on. */
async function attach(pid: number, flags: readonly string[]): Promise<{ leave(): Promise<void> }> {
  const strace = keep(spawn("strace", ["-f", ...flags, "-p", `${pid}`], { stdio: "pipe" }));
  const ended = once(strace, "close");
  const told = createInterface({ input: strace.stderr });
  const [first] = await once(told, "line", { signal: AbortSignal.timeout(RUN_TIMEOUT_MS) });
  if (!/attached/.test(first)) throw new Error(`strace: ${first}`);
  return {
    async leave() {
      // It lets go of the process and writes the rest of its trace.
      strace.kill("SIGINT");
      await ended;
    },
  };
}

function linesUntilEnd(output: Interface): Promise<{ heard: string[]; isClean: boolean }> {
  return new Promise((resolve, reject) => {
    const heard: string[] = [];
    const done = (): void => {
      clearTimeout(timer);
      output.off("line", hear).off("close", fall);
    };
    const fall = (): void => {
      done();
      reject(new Error(`The gateway neither answered nor ended; so far: ${heard.join(", ")}`));
    };
    const timer = setTimeout(fall, RUN_TIMEOUT_MS);
    const hear = (line: string): void => {
      heard.push(line);
      if (line !== "stopped" && !line.startsWith("ended ")) return;
      done();
      resolve({ heard, isClean: line === "stopped" });
    };
    output.on("line", hear).on("close", fall);
  });
}
