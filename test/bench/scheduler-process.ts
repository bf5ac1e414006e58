/** A part of a bench in a process of its own, so that its memory is its own and no cache is warm before it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Runs `module` (its `import.meta.url`) with `args`, and answers what it prints, which is one JSON value. */
export async function inProcess<T>(module: string, args: readonly string[]): Promise<T> {
  const child = spawn(process.execPath, [fileURLToPath(module), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  let text = "";
  for await (const chunk of child.stdout) text += String(chunk);
  const [code] = (await ended) as [number | null];
  if (code !== 0)
    throw new Error(`${fileURLToPath(module)} ${args.join(" ")} ended with ${code ?? "a signal"}`);
  return JSON.parse(text) as T;
}

/** The arguments when this process was started for `module`; undefined when it was only imported. */
export function argumentsOf(module: string): readonly string[] | undefined {
  const [script, ...args] = process.argv.slice(1);
  return script === fileURLToPath(module) && args.length > 0 ? args : undefined;
}

/** Most memory that this process ever had, as the system counts it. */
export function peakMiB(): number {
  return Math.round(process.resourceUsage().maxRSS / 1_024);
}
