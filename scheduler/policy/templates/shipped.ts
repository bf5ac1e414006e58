/** The texts that ship with Dunlin: one file for each preset, `[step]` with a line for each language. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { readDocument } from "#scheduler/policy/files.ts";

const TEXTS = fileURLToPath(new URL("./texts", import.meta.url));

/** `[section]` with a text for each language. */
export const TextFile = z.record(z.string(), z.record(z.string(), z.string().min(1)));
export type TextFile = z.output<typeof TextFile>;

export interface ShippedText {
  /** "utility.early": the file's name and the section's. */
  readonly key: string;
  readonly language: string;
  readonly text: string;
}

/** @throws Error when a shipped file does not read: the package is damaged. */
export function shippedTexts(): ShippedText[] {
  return readdirSync(TEXTS)
    .filter((name) => name.endsWith(".toml"))
    .sort()
    .flatMap((name) => {
      const read = readDocument(readFileSync(join(TEXTS, name), "utf8"), "toml", TextFile);
      if (!read.ok) throw new Error(`${name}: ${read.problems[0]?.field} ${read.problems[0]?.rule}`);
      return textsOf(name.slice(0, -".toml".length), read.value);
    });
}

/** @param file the file's name without its ending: the first part of every key in it */
export function textsOf(file: string, sections: TextFile): ShippedText[] {
  return Object.entries(sections).flatMap(([section, languages]) =>
    Object.entries(languages).map(([language, text]) => ({ key: `${file}.${section}`, language, text })),
  );
}
