/** Plans that found a defect once: files that every later run replays. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Violation } from "./judge.ts";
import type { Plan } from "./plan.ts";

const FOLDER = new URL("kept", import.meta.url).pathname;

export interface Kept {
  /** What was wrong, in words for people. */
  readonly found: readonly Violation[];
  readonly plan: Plan;
}

/** @returns the file that was written */
export function keep(plan: Plan, found: readonly Violation[]): string {
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, `${plan.seed}.json`);
  writeFileSync(file, `${JSON.stringify({ found, plan } satisfies Kept, undefined, 2)}\n`);
  return file;
}

export function keptPlans(): readonly { readonly name: string; readonly kept: Kept }[] {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => ({ name, kept: JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as Kept }));
}
