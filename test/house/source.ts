/** The source files of the house as the tidy tests see them, by the rooms they stand in. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

export type Room = "shared" | "hardware" | "gateway" | "scheduler" | "bin" | "test";

export interface SourceFile {
  readonly path: string;
  readonly room: Room;
  readonly text: string;
  readonly lines: readonly string[];
  readonly imports: readonly string[];
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^;"']*?\bfrom\s*["']([^"']+)["']|(?:^|\n)\s*import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/g;

export function sourceFiles(root: string): SourceFile[] {
  return globSync("{bin,shared,hardware,gateway,scheduler,test}/**/*.{ts,tsx,js}", { cwd: root })
    .filter((path) => !path.includes("node_modules"))
    .sort()
    .map((path) => readSource(root, path));
}

function readSource(root: string, path: string): SourceFile {
  const text = readFileSync(join(root, path), "utf8");
  const imports = [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
  return { path, room: path.split("/")[0] as Room, text, lines: text.split("\n"), imports };
}

/** The file that an import leads to, or undefined for a package. */
export function resolveImport(from: string, specifier: string): string | undefined {
  if (specifier.startsWith("#")) return specifier.slice(1);
  if (specifier.startsWith(".")) return normalize(join(dirname(from), specifier));
  return undefined;
}
