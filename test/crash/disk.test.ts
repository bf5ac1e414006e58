/**
 * The disk fails under the gateway, one call after the other: strace makes the n-th write or fsync of a
 * run answer EIO or ENOSPC. What was answered with 202 must be in the file, and the file must be sound.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import BetterSqlite from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { databasePathIn } from "#gateway/database.ts";
import { ensureSystemPackage } from "#test/support/system-package.ts";

const CHILD = fileURLToPath(new URL("disk-child.ts", import.meta.url));
const MESSAGES = 50;
const CHILD_TIMEOUT_MS = 30_000;
/** Every call of a kind is failed when SCALE is 1; by default about this many, evenly spread. */
const SAMPLES = process.env.SCALE === undefined ? 12 : Number.POSITIVE_INFINITY;
const CALLS = ["fsync", "pwrite64"] as const;
const ERRORS = ["EIO", "ENOSPC"] as const;

const strace = ensureSystemPackage(["strace"]);
const skipped = strace.available ? "" : ` (left out: ${strace.reason})`;

interface Run {
  readonly lines: readonly string[];
  readonly trace: string;
}

function run(folder: string, flags: readonly string[], messages = MESSAGES): Run {
  const trace = join(folder, "trace");
  const child = spawnSync(
    "strace",
    [
      "-f",
      "--seccomp-bpf",
      "-o",
      trace,
      ...flags,
      "--",
      process.execPath,
      CHILD,
      join(folder, "data"),
      String(messages),
    ],
    { encoding: "utf8", timeout: CHILD_TIMEOUT_MS },
  );
  expect(child.error, "the gateway neither answered nor ended").toBeUndefined();
  return { lines: child.stdout.split("\n").filter(Boolean), trace: readFileSync(trace, "utf8") };
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "dunlin-disk-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const accepted = (lines: readonly string[]): string[] =>
  lines.filter((line) => line.startsWith("202 ")).map((line) => line.slice(4));

/** Opens what the failing disk left behind, as the next start does. */
function judge(folder: string, ids: readonly string[]): void {
  const db = new BetterSqlite(databasePathIn(join(folder, "data")));
  try {
    expect(db.pragma("integrity_check", { simple: true })).toBe("ok");
    if (ids.length === 0) return;
    const stored = new Set(db.prepare("select id from message").pluck().all());
    expect(ids.filter((id) => !stored.has(id))).toEqual([]);
  } finally {
    db.close();
  }
}

describe.skipIf(!strace.available)(`a failing disk${skipped}`, () => {
  test("an fsync stands before every 202", () => {
    inFolder((folder) => {
      const { lines, trace } = run(folder, ["-e", "trace=fsync,fdatasync,write"]);
      expect(accepted(lines)).toHaveLength(MESSAGES);
      let synced = false;
      let answers = 0;
      for (const line of trace.split("\n")) {
        if (/\bf(data)?sync\(/.test(line)) synced = true;
        if (!/\bwrite\(1, "202 /.test(line)) continue;
        expect(synced, `no fsync before answer ${answers + 1}`).toBe(true);
        synced = false;
        answers += 1;
      }
      expect(answers).toBe(MESSAGES);
    });
  });

  test.each(CALLS.flatMap((call) => ERRORS.map((error) => ({ call, error }))))(
    "$call answers $error: nothing acknowledged is lost, the file stays sound",
    { timeout: 3_600_000 },
    ({ call, error }) => {
      const total = inFolder(
        (folder) => run(folder, ["-e", `trace=${call}`]).trace.split(`${call}(`).length - 1,
      );
      expect(total).toBeGreaterThan(MESSAGES);
      const step = Math.max(1, Math.floor(total / SAMPLES));
      let refused = 0;
      for (let nth = 1; nth <= total; nth += step) {
        inFolder((folder) => {
          const { lines } = run(folder, [
            "-e",
            `trace=${call}`,
            "-e",
            `inject=${call}:error=${error}:when=${nth}+`,
          ]);
          const refusals = lines.filter((line) => /^\d{3} /.test(line) && !line.startsWith("202 "));
          expect(
            refusals.filter((line) => !line.startsWith("503 ")),
            `${call} ${nth}`,
          ).toEqual([]);
          refused += refusals.length;
          judge(folder, accepted(lines));
          const again = run(folder, ["-e", "trace=none"], 1);
          expect(accepted(again.lines), `starts again after ${call} ${nth}`).toHaveLength(1);
          judge(folder, [...accepted(lines), ...accepted(again.lines)]);
        });
      }
      expect(refused, "the failing disk was noticed").toBeGreaterThan(0);
    },
  );
});
