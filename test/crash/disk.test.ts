/**
 * The disk fails under the gateway, one call after the other: strace makes the n-th write or fsync of a
 * run answer EIO or ENOSPC, that one alone or all from there on. What was answered with 202 must be in the
 * file, the file must be sound, and nothing may reach the network twice. `SCALE=1` fails every single call.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import BetterSqlite from "better-sqlite3";
import PQueue from "p-queue";
import { describe, expect, test } from "vitest";
import { databasePathIn } from "#gateway/database.ts";
import { PROBLEMS } from "#shared/problems.ts";
import { isWhole } from "#test/support/heavy.ts";
import { ensureSystemPackage } from "#test/support/system-package.ts";
import { DiskRig, type DiskRun } from "./disk-rig.ts";

const MESSAGES = 50;
const TEST_TIMEOUT_MS = 6 * 3_600_000;
const FULL = isWhole("SCALE");
/** Every call of a kind is failed in the full form; else about this many, evenly spread. */
const SAMPLES = FULL ? Number.POSITIVE_INFINITY : 6;
const CALLS = ["fsync", "pwrite64"] as const;
const ERRORS = ["EIO", "ENOSPC"] as const;
/** As strace writes it behind the number of the call. */
const SPANS = { "from then on": "+", once: "" } as const;

const strace = ensureSystemPackage(["strace"]);
const skipped = strace.available ? "" : ` (left out: ${strace.reason})`;

interface Work {
  readonly messages?: number;
  readonly modems?: number;
  readonly from?: number;
}

/** A gateway in this folder does the work, watched and tripped by strace as the flags say. */
function run(rig: DiskRig, folder: string, flags: readonly string[], work: Work = {}): Promise<DiskRun> {
  return rig.run({ messages: MESSAGES, modems: 0, from: 0, ...work, folder: dataIn(folder) }, flags);
}

const dataIn = (folder: string): string => join(folder, "data");

function failing(call: string, error: string, when: string): readonly string[] {
  return ["-e", `trace=${call}`, "-e", `inject=${call}:error=${error}:when=${when}`];
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "dunlin-disk-"));
  try {
    return await work(folder);
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
  const db = new BetterSqlite(databasePathIn(dataIn(folder)));
  try {
    expect(db.pragma("integrity_check", { simple: true })).toBe("ok");
    if (ids.length === 0) return;
    const stored = new Set(db.prepare("select id from message").pluck().all());
    expect(ids.filter((id) => !stored.has(id))).toEqual([]);
  } finally {
    db.close();
  }
}

/** Calls of this kind that such a run makes, each of them or evenly spread, in turn on every core. */
async function eachFailure(call: string, work: Work, fail: (rig: DiskRig, nth: number) => Promise<void>) {
  const cores = availableParallelism();
  const idle = Array.from({ length: cores }, () => new DiskRig());
  try {
    const total = await inFolder(async (folder) => {
      const { trace } = await run(idle[0] as DiskRig, folder, ["-e", `trace=${call}`], work);
      return trace.split(`${call}(`).length - 1;
    });
    const step = Math.max(1, Math.floor(total / SAMPLES));
    const numbers = Array.from({ length: Math.ceil(total / step) }, (_, i) => 1 + i * step);
    const queue = new PQueue({ concurrency: cores });
    await queue.addAll(
      numbers.map((nth) => async () => {
        const rig = idle.pop() as DiskRig;
        await fail(rig, nth);
        idle.push(rig);
      }),
    );
    return { total, failed: numbers.length };
  } finally {
    await Promise.all(idle.map((rig) => rig[Symbol.asyncDispose]()));
  }
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
  test("an fsync stands before every 202", { timeout: TEST_TIMEOUT_MS }, async () => {
    await using rig = new DiskRig();
    await inFolder(async (folder) => {
      const { lines, trace } = await run(rig, folder, ["-e", "trace=fsync,fdatasync,write"]);
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
    async ({ call, error, span }) => {
      let refused = 0;
      const { total, failed } = await eachFailure(call, {}, (rig, nth) =>
        inFolder(async (folder) => {
          const what = `${call} ${nth}`;
          const { lines } = await run(rig, folder, failing(call, error, `${nth}${SPANS[span]}`));
          refused += countRefused(lines, what);
          judge(folder, accepted(lines));
          const again = await run(rig, folder, [], { messages: 1 });
          expect(accepted(again.lines), `starts again after ${what}`).toHaveLength(1);
          judge(folder, [...accepted(lines), ...accepted(again.lines)]);
        }),
      );
      expect(total).toBeGreaterThan(MESSAGES);
      tell(`${call} ${error} ${span}`, failed, total, refused);
      expect(refused, "the failing disk was noticed").toBeGreaterThan(0);
    },
  );

  test.each(ERRORS)(
    "fsync answers %s while a modem sends: nothing goes out twice, and the rest goes out later",
    { timeout: TEST_TIMEOUT_MS },
    async (error) => {
      const work = { messages: 10, modems: 1 };
      await eachFailure("fsync", work, (rig, nth) =>
        inFolder(async (folder) => {
          const { lines } = await run(rig, folder, failing("fsync", error, `${nth}+`), work);
          const again = await run(rig, folder, [], { messages: 1, modems: 1, from: 1_000 });
          const ids = [...accepted(lines), ...accepted(again.lines)];
          judge(folder, ids);
          const sent = [...after("sent", lines), ...after("sent", again.lines)];
          expect(new Set(sent).size, `fsync ${nth}: sent twice`).toBe(sent.length);
          // What is missing was with the modem when the disk failed: at most that one segment.
          expect(sent.length, `fsync ${nth}: not sent`).toBeGreaterThanOrEqual(ids.length - 1);
        }),
      );
    },
  );
});
