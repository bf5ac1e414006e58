import { describe, expect, test } from "vitest";
import { functionLengths } from "./functions.ts";
import { resolveImport } from "./source.ts";

const body = (lines: number): string => Array.from({ length: lines }, () => "  work();").join("\n");

describe("functionLengths sees every shape of function", () => {
  test.each([
    ["declaration", `export function a(): void {\n${body(80)}\n}\n`, 82],
    ["async declaration", `async function a() {\n${body(3)}\n}\n`, 5],
    [
      "parameters over several lines",
      `function a(\n  one: number,\n  two: number,\n): void {\n${body(70)}\n}\n`,
      75,
    ],
    ["arrow", `const a = async (x: number): Promise<void> => {\n${body(71)}\n};\n`, 73],
    [
      "method",
      `class C {\n  async #a(x: number) {\n${body(75).replaceAll("  work", "    work")}\n  }\n}\n`,
      77,
    ],
  ])("%s", (_name, text, lines) => {
    expect(functionLengths(text).map((fn) => fn.lines)).toContain(lines);
  });

  test("a call or an if is none", () => {
    expect(functionLengths(`if (x) {\n${body(90)}\n}\ncall(() => {\n${body(3)}\n});\n`)).toEqual([]);
  });
});

test("imports lead to files", () => {
  expect(resolveImport("gateway/http/a.ts", "./b.ts")).toBe("gateway/http/b.ts");
  expect(resolveImport("gateway/http/a.ts", "#shared/clock.ts")).toBe("shared/clock.ts");
  expect(resolveImport("gateway/http/a.ts", "zod")).toBeUndefined();
});
