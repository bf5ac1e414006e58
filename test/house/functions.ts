/** Lengths of functions, by matching braces in source that Biome has formatted. */
import { stripTypeScriptTypes } from "node:module";

export interface FunctionLength {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

const OPENS_FUNCTION =
  /^(\s*)(?:export\s+)?(?:default\s+)?(?:(?:async\s+)?function\*?\s*([\w$]*)|(?:static\s+|async\s+|get\s+|set\s+|\*|override\s+)*(#?[\w$]+)\s*\(|(?:const|let)\s+([\w$]+)[^=]*=\s*(?:async\s*)?(?:\(|[\w$]+\s*=>))/;
const NOT_A_FUNCTION = new Set(["if", "for", "while", "switch", "catch", "return", "describe", "with"]);

/**
 * A function starts on a line that opens one and ends at the first later line whose indentation is
 * the same and which starts with a closing brace: the formatter guarantees that shape.
 */
export function functionLengths(text: string): FunctionLength[] {
  const lines = stripTypeScriptTypes(text).split("\n");
  const found: FunctionLength[] = [];
  for (const [index, line] of lines.entries()) {
    const match = OPENS_FUNCTION.exec(line);
    if (match === null) continue;
    const name = match[2] ?? match[3] ?? match[4] ?? "";
    if (NOT_A_FUNCTION.has(name)) continue;
    const end = closingLine(lines, index, match[1] ?? "");
    // What looks like a method may be a call: that ends with a parenthesis, or hands over an arrow.
    const isCall =
      match[3] !== undefined && (line.includes("=>") || !lines[end ?? 0]?.trim().startsWith("}"));
    if (end !== undefined && !isCall) found.push({ name, line: index + 1, lines: end - index + 1 });
  }
  return found;
}

function closingLine(lines: readonly string[], start: number, indent: string): number | undefined {
  if (/[;,]\s*$/.test(lines[start] ?? "") && !/[{(]\s*$/.test(lines[start] ?? "")) return undefined;
  for (let index = start + 1; index < lines.length; index++) {
    const line = lines[index] ?? "";
    if (line.trim() === "" || line.startsWith(`${indent} `)) continue;
    // A parameter list over several lines closes with `) {` or `): Type {` and goes on.
    if (line.startsWith(`${indent})`) && line.trimEnd().endsWith("{")) continue;
    return line.startsWith(`${indent}}`) || line.startsWith(`${indent})`) ? index : undefined;
  }
  return undefined;
}
