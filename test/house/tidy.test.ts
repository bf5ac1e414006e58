/** The caps and walls of the house: small files, short functions, doors, no hidden time or chance. */
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { functionLengths } from "./functions.ts";
import { type Room, resolveImport, type SourceFile, sourceFiles } from "./source.ts";

const FILE_LINES_MAX = 300;
const FUNCTION_LINES_MAX = 70;
const LINE_LENGTH_MAX = 110;

const MAY_IMPORT: Readonly<Record<Room, readonly Room[]>> = {
  shared: ["shared"],
  hardware: ["hardware", "shared"],
  gateway: ["gateway", "hardware", "shared"],
  scheduler: ["scheduler", "shared"],
  bin: ["bin", "gateway", "hardware", "scheduler", "shared"],
  test: ["bin", "gateway", "hardware", "scheduler", "shared", "test"],
};

/** Pairs of folders inside a room that must not know each other. */
const INNER_WALLS: readonly (readonly [from: string, to: string])[] = [
  ["gateway/http/", "hardware/"],
  ["gateway/fleet/", "gateway/http/"],
  ["scheduler/decide/", "scheduler/http/"],
  ["scheduler/decide/", "scheduler/run/"],
];

const TIME_OR_CHANCE =
  /\bDate\.now\(|\bnew Date\(\)|\bsetTimeout\(|\bsetInterval\(|\bMath\.random\(|\bperformance\.now\(|\brandomBytes\(|\brandomUUID\(|\brandomInt\(|\bprocess\.hrtime\b|\bgetRandomValues\(/;
const READS_TIME_OR_CHANCE = ["shared/clock.ts", "shared/random.ts"];

const root = fileURLToPath(new URL("../..", import.meta.url));
const files = sourceFiles(root);
const product = files.filter((file) => file.room !== "test");

function offenders(found: readonly string[]): string {
  return found.length === 0 ? "" : `\n${found.join("\n")}\n`;
}

describe("caps", () => {
  test(`no file is longer than ${FILE_LINES_MAX} lines: find the second thing in it`, () => {
    const long = files.filter((file) => file.lines.length - 1 > FILE_LINES_MAX);
    expect(offenders(long.map((file) => `${file.path}: ${file.lines.length - 1}`))).toBe("");
  });

  test(`no function is longer than ${FUNCTION_LINES_MAX} lines`, () => {
    const long = product
      .filter((file) => file.path.endsWith(".ts"))
      .flatMap((file) =>
        functionLengths(file.text)
          .filter((fn) => fn.lines > FUNCTION_LINES_MAX)
          .map((fn) => `${file.path}:${fn.line} ${fn.name}: ${fn.lines}`),
      );
    expect(offenders(long)).toBe("");
  });

  test(`no line is longer than ${LINE_LENGTH_MAX} characters, but for data and prose that cannot break`, () => {
    const wide = product.flatMap((file) =>
      file.lines.flatMap((line, i) =>
        line.length > LINE_LENGTH_MAX && !/["'`/]/.test(line)
          ? [`${file.path}:${i + 1}: ${line.length}`]
          : [],
      ),
    );
    expect(offenders(wide)).toBe("");
  });
});

describe("walls", () => {
  test("each import is beside, below, or through the door of a room that may be entered", () => {
    const wrong = files.flatMap((file) => file.imports.flatMap((specifier) => wrongImport(file, specifier)));
    expect(offenders(wrong)).toBe("");
  });

  test("rooms inside a room keep their distance", () => {
    const wrong = INNER_WALLS.flatMap(([from, to]) =>
      files
        .filter((file) => file.path.startsWith(from))
        .flatMap((file) =>
          file.imports
            .filter((specifier) => resolveImport(file.path, specifier)?.startsWith(to))
            .map((specifier) => `${file.path} imports ${specifier}`),
        ),
    );
    expect(offenders(wrong)).toBe("");
  });

  test("there is no import cycle", () => {
    expect(offenders(importCycles())).toBe("");
  });
});

describe("time and chance are handed in", () => {
  test("nothing but shared/clock.ts and shared/random.ts reads them", () => {
    const readers = product
      .filter((file) => !READS_TIME_OR_CHANCE.includes(file.path))
      .flatMap((file) =>
        file.lines.flatMap((line, i) =>
          TIME_OR_CHANCE.test(line) && !/^\s*(\*|\/\/|\/\*)/.test(line)
            ? [`${file.path}:${i + 1}: ${line.trim()}`]
            : [],
        ),
      );
    expect(offenders(readers)).toBe("");
  });

  test("no test waits for a time", () => {
    const sleepers = files
      .filter((file) => file.path.endsWith(".test.ts"))
      .flatMap((file) =>
        file.lines.flatMap((line, i) =>
          /\bset(Timeout|Interval)\(/.test(line) ? [`${file.path}:${i + 1}`] : [],
        ),
      )
      .filter((place) => !place.startsWith("test/house/"));
    expect(offenders(sleepers)).toBe("");
  });
});

describe("words", () => {
  test("nothing is marked as unfinished", () => {
    const marks = /\b(TODO|FIXME|HACK|XXX)\b/;
    const found = files
      .filter((file) => !file.path.startsWith("test/house/"))
      .flatMap((file) =>
        file.lines.flatMap((line, i) => (marks.test(line) ? [`${file.path}:${i + 1}`] : [])),
      );
    expect(offenders(found)).toBe("");
  });
});

function wrongImport(file: SourceFile, specifier: string): string[] {
  if (specifier.includes("../")) return [`${file.path} imports ${specifier}: use the room's door`];
  const target = resolveImport(file.path, specifier);
  if (target === undefined) return [];
  const room = target.split("/")[0] as Room;
  return MAY_IMPORT[file.room].includes(room)
    ? []
    : [`${file.path} imports ${specifier}: ${file.room} may not enter ${room}`];
}

function importCycles(): string[] {
  const targets = new Map(
    files.map((file) => [
      file.path,
      file.imports
        .map((specifier) => resolveImport(file.path, specifier))
        .filter((path) => path !== undefined),
    ]),
  );
  const state = new Map<string, "open" | "done">();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === "done") return;
    if (state.get(path) === "open") {
      cycles.push([...trail.slice(trail.indexOf(path)), path].join(" -> "));
      return;
    }
    state.set(path, "open");
    for (const next of targets.get(path) ?? []) if (targets.has(next)) visit(next, [...trail, path]);
    state.set(path, "done");
  };
  for (const path of targets.keys()) visit(path, []);
  return cycles;
}
