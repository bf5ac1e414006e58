/** Starts the programs of the witnesses, hears what they say and ends them by their own process group. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { systemClock } from "#shared/clock.ts";

/** Of util-linux, in every Debian. */
const SETPRIV = "/usr/bin/setpriv";
const END_MS = 5_000;
/** Enough for what went wrong last. */
const OUTPUT_KEEP = 200_000;

export interface ProgramOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A program that runs until it is ended. */
export class Program {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #output = "";
  #isOver = false;

  constructor(name: string, args: readonly string[], { cwd, env = {} }: ProgramOptions) {
    this.name = name;
    // A group of its own: what it forks ends with it. And when we are killed, it is told to end.
    this.#child = spawn(SETPRIV, ["--pdeathsig", "TERM", "--", name, ...args], {
      cwd,
      env: { ...process.env, LC_ALL: "C.UTF-8", ...env },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const hear = (chunk: Buffer): void => {
      this.#output = (this.#output + chunk.toString("utf8")).slice(-OUTPUT_KEEP);
    };
    this.#child.stdout?.on("data", hear);
    this.#child.stderr?.on("data", hear);
    this.#ended = new Promise((resolve) => {
      const over = (): void => {
        this.#isOver = true;
        resolve();
      };
      this.#child.once("close", over);
      this.#child.once("error", over);
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get output(): string {
    return this.#output;
  }

  /** @throws Error with its last words when it has ended */
  mustRun(): void {
    if (!this.#isOver) return;
    throw new Error(`${this.name} ended by itself: ${lastLine(this.#output)}`);
  }

  async end(): Promise<void> {
    this.#signal("SIGTERM");
    await Promise.race([this.#ended, systemClock.sleep(END_MS)]);
    this.#signal("SIGKILL");
    await this.#ended;
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // The group is gone already.
    }
  }
}

const run = promisify(execFile);

/** What a program says until it ends. @throws Error with its last line when it fails or takes too long */
export async function ask(
  name: string,
  args: readonly string[],
  options: {
    readonly timeoutMs: number;
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string>>;
  },
): Promise<string> {
  const { timeoutMs, cwd, env = {} } = options;
  try {
    const { stdout } = await run(name, args, {
      timeout: timeoutMs,
      env: { ...process.env, LC_ALL: "C.UTF-8", ...env },
      ...(cwd !== undefined && { cwd }),
    });
    return stdout;
  } catch (error) {
    const {
      stdout = "",
      stderr = "",
      killed,
    } = error as { stdout?: string; stderr?: string; killed?: boolean };
    const how = killed ? `not done in ${timeoutMs} ms` : "failed";
    throw new Error(`${name} ${how}: ${lastLine(stderr) || lastLine(stdout)}`);
  }
}

/** A file's text, or nothing when it is not there yet. */
export function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
