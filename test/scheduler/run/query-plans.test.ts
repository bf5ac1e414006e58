/** What a tick asks costs what waits, never what was ever sent: each question is answered by an index. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createEvidence } from "#scheduler/evidence/store.ts";
import { createOccurrences, type Occurrences } from "#scheduler/run/occurrences.ts";
import { seededRandom } from "#shared/random.ts";
import { Database } from "#shared/sqlite.ts";
import { MIGRATIONS } from "#test/support/scheduler-rig.ts";

const QUESTIONS: readonly (readonly [string, (occurrences: Occurrences) => unknown])[] = [
  ["what is to be taken back", (occurrences) => occurrences.toRecall(10)],
  ["answers that are due", (occurrences) => occurrences.answersDue(1, 10)],
  ["what nothing was heard of", (occurrences) => occurrences.overdue(1, 10)],
  ["what is under way for a case", (occurrences) => occurrences.unsettledOf(1)],
  ["how much is reserved", (occurrences) => occurrences.reservedSegments()],
  ["how much is under way", (occurrences) => occurrences.countUnsettled()],
];

test.each(QUESTIONS)("%s", (_, ask) => {
  const folder = mkdtempSync(join(tmpdir(), "dunlin-plans-"));
  const db = new Database({ path: join(folder, "plans.db"), migrations: MIGRATIONS, durable: false });
  try {
    const asked: string[] = [];
    const told = Object.assign(Object.create(db), {
      sql(text: string) {
        asked.push(text);
        return db.sql(text);
      },
    }) as Database;
    ask(createOccurrences(told, createEvidence(told, seededRandom(1))));
    expect(asked).toHaveLength(1);
    for (const text of asked) {
      const holes = Array.from({ length: text.split("?").length - 1 }, () => 1);
      const plan = db.connection.prepare(`explain query plan ${text}`).all(...holes) as { detail: string }[];
      const steps = plan.map(({ detail }) => detail);
      expect(steps.filter((step) => /^SCAN \w+$/.test(step))).toEqual([]);
    }
  } finally {
    db.connection.close();
    rmSync(folder, { recursive: true });
  }
});
