/**
 * The disk fails under the gateway, one call after the other: strace makes the n-th write or fsync of a
 * run answer EIO or ENOSPC, that one alone or all from there on. What was answered with 202 must be in the
 * file, the file must be sound, and nothing may reach the network twice. `SCALE=1` fails every single call.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import BetterSqlite from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { databasePathIn } from "#gateway/database.ts";
import { PROBLEMS } from "#shared/problems.ts";
import { isWhole } from "#test/support/heavy.ts";
import { ensureSystemPackage } from "#test/support/system-package.ts";

const CHILD = fileURLToPath(new URL("disk-child.ts", import.meta.url));
const MESSAGES = 50;
const CHILD_TIMEOUT_MS = 60_000;
const TEST_TIMEOUT_MS = 6 * 3_600_000;
const FULL = isWhole("SCALE");
/** Every call of a kind is failed in the full form; else about this many, evenly spread. */
const SAMPLES = FULL ? Number.POSITIVE_INFINITY : 3;
const CALLS = ["fsync", "pwrite64"] as const;
const ERRORS = ["EIO", "ENOSPC"] as const;
/** As strace writes it behind the number of the call. */
const SPANS = { "from then on": "+", once: "" } as const;

const strace = ensureSystemPackage(["strace"]);
const skipped = strace.available ? "" : ` (left out: ${strace.reason})`;

interface Run {
  readonly lines: readonly string[];
  readonly trace: string;
}

interface Work {
  readonly messages: number;
  readonly modems?: number;
  /** Recipients are numbered from here. */
  readonly from?: number;
}

function run(folder: string, flags: readonly string[], work: Work = { messages: MESSAGES }): Run {
  const trace = join(folder, "trace");
  const child = [process.execPath, CHILD, join(folder, "data")];
  const numbers = [work.messages, work.modems ?? 0, work.from ?? 0].map(String);
  const args = ["-f", "--seccomp-bpf", "-o", trace, ...flags, "--", ...child, ...numbers];
  const ended = spawnSync("strace", args, {
    encoding: "utf8",
    timeout: CHILD_TIMEOUT_MS,
    killSignal: "SIGKILL",
  });
  expect(ended.error, "the gateway neither answered nor ended").toBeUndefined();
  return { lines: ended.stdout.split("\n").filter(Boolean), trace: readFileSync(trace, "utf8") };
}

function failing(call: string, error: string, when: string): readonly string[] {
  return ["-e", `trace=${call}`, "-e", `inject=${call}:error=${error}:when=${when}`];
}

const UNTOUCHED = ["-e", "trace=none"];

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "dunlin-disk-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function after(prefix: string, lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line.startsWith(`${prefix} `)).map((line) => line.slice(prefix.length + 1));
}

const accepted = (lines: readonly string[]): readonly string[] => after("202", lines);

/** What was not accepted was refused with 503 and a code of the catalogue. Returns how often. */
function countRefused(lines: readonly string[], what: string): number {
  const refusals = lines.filter((line) => /^\d{3} /.test(line) && !line.startsWith("202 "));
  const codes = new Set(refusals);
  for (const refusal of codes) {
    const [status = "", code = ""] = refusal.split(" ");
    expect(status, what).toBe("503");
    expect(Object.keys(PROBLEMS), what).toContain(code);
  }
  return refusals.length;
}

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

/** How many calls of this kind such a run makes. */
function countCalls(call: string, work: Work): number {
  return inFolder((folder) => run(folder, ["-e", `trace=${call}`], work).trace.split(`${call}(`).length - 1);
}

function tell(what: string, failed: number, total: number, refused: number): void {
  process.stdout.write(`${what}: ${failed} of ${total} calls failed in turn, ${refused} requests refused\n`);
}

const FAILURES = CALLS.flatMap((call) =>
  ERRORS.flatMap((error) =>
    (Object.keys(SPANS) as (keyof typeof SPANS)[]).map((span) => ({ call, error, span })),
  ),
);

describe.skipIf(!strace.available)(`a failing disk${skipped}`, () => {
  test("an fsync stands before every 202", { timeout: TEST_TIMEOUT_MS }, () => {
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

  test.each(FAILURES)(
    "$call answers $error $span: nothing acknowledged is lost, the file stays sound",
    { timeout: TEST_TIMEOUT_MS },
    ({ call, error, span }) => {
      const total = countCalls(call, { messages: MESSAGES });
      expect(total).toBeGreaterThan(MESSAGES);
      const step = Math.max(1, Math.floor(total / SAMPLES));
      let [refused, failed] = [0, 0];
      for (let nth = 1; nth <= total; nth += step) {
        failed++;
        inFolder((folder) => {
          const what = `${call} ${nth}`;
          const { lines } = run(folder, failing(call, error, `${nth}${SPANS[span]}`));
          refused += countRefused(lines, what);
          judge(folder, accepted(lines));
          const again = run(folder, UNTOUCHED, { messages: 1 });
          expect(accepted(again.lines), `starts again after ${what}`).toHaveLength(1);
          judge(folder, [...accepted(lines), ...accepted(again.lines)]);
        });
      }
      tell(`${call} ${error} ${span}`, failed, total, refused);
      expect(refused, "the failing disk was noticed").toBeGreaterThan(0);
    },
  );

  test.each(ERRORS)(
    "fsync answers %s while a modem sends: nothing goes out twice, and the rest goes out later",
    { timeout: TEST_TIMEOUT_MS },
    (error) => {
      const work = { messages: 10, modems: 1 };
      const total = countCalls("fsync", work);
      const step = Math.max(1, Math.floor(total / SAMPLES));
      for (let nth = 1 + Math.floor(step / 2); nth <= total; nth += step)
        inFolder((folder) => {
          const { lines } = run(folder, failing("fsync", error, `${nth}+`), work);
          const again = run(folder, UNTOUCHED, { messages: 1, modems: 1, from: 1_000 });
          const ids = [...accepted(lines), ...accepted(again.lines)];
          judge(folder, ids);
          const sent = [...after("sent", lines), ...after("sent", again.lines)];
          expect(new Set(sent).size, `fsync ${nth}: sent twice`).toBe(sent.length);
          // What is missing was with the modem when the disk failed: at most that one segment.
          expect(sent.length, `fsync ${nth}: not sent`).toBeGreaterThanOrEqual(ids.length - 1);
        });
    },
  );
});
