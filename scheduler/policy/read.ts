/** Policies as files: the shipped presets, and those that an operator wrote. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PolicyDocument } from "./document.ts";
import { type FileFormat, type Read, readDocument } from "./files.ts";

const PRESETS = fileURLToPath(new URL("./presets", import.meta.url));

export function readPolicy(text: string, format: FileFormat): Read<PolicyDocument> {
  return readDocument(text, format, PolicyDocument);
}

/** The presets in alphabetical order. @throws Error when one does not read: the package is damaged. */
export function shippedPolicies(): PolicyDocument[] {
  const names = readdirSync(PRESETS).filter((name) => name.endsWith(".toml"));
  return names.sort().map((name) => {
    const read = readPolicy(readFileSync(join(PRESETS, name), "utf8"), "toml");
    if (read.ok) return read.value;
    const [first] = read.problems;
    throw new Error(`${name}: ${first?.field} ${first?.rule}. ${first?.remedy}`);
  });
}
