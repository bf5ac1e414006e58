/** Runs a command of the scheduler in this process, and keeps what it printed. */
import { Command } from "commander";
import { vi } from "vitest";
import { schedulerCommands } from "#scheduler/cli.ts";

export interface Said {
  readonly code: number | string | undefined;
  readonly out: string;
  readonly err: string;
}

export async function runSchedulerCli(...args: readonly string[]): Promise<Said> {
  const said = { out: "", err: "" };
  const into = (name: keyof typeof said) => (text: string | Uint8Array) => {
    said[name] += String(text);
    return true;
  };
  const out = vi.spyOn(process.stdout, "write").mockImplementation(into("out"));
  const err = vi.spyOn(process.stderr, "write").mockImplementation(into("err"));
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    const program = new Command();
    for (const command of schedulerCommands()) program.addCommand(command);
    await program.parseAsync([...args], { from: "user" });
    return { code: process.exitCode, ...said };
  } finally {
    process.exitCode = before;
    out.mockRestore();
    err.mockRestore();
  }
}
