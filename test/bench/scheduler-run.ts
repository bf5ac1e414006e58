/** What a tick costs: idle, and claiming 500 due cases, beside how much there is. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MIGRATIONS } from "#scheduler/places.ts";
import type { Brain } from "#scheduler/run/brain.ts";
import { createEngine } from "#scheduler/run/engine.ts";
import { createGatewayClient } from "#scheduler/run/gateway-client.ts";
import { sameTime } from "#scheduler/run/gateway-time.ts";
import { systemClock } from "#shared/clock.ts";
import { createIds } from "#shared/ids.ts";
import { createZones } from "#shared/local-date.ts";
import { silentLogger } from "#shared/logger.ts";
import { seededRandom } from "#shared/random.ts";
import { Database } from "#shared/sqlite.ts";

const SIZES = [10_000, 100_000, 1_000_000];
const ROUNDS = 200;
const CLAIM = 500;
const NOW = Date.UTC(2026, 2, 3, 9, 0);
const DAY_MS = 86_400_000;

/** `npm run bench -- scheduler-run [sizes…]` */
export async function benchSchedulerRun(args: string[]): Promise<void> {
  const sizes = args.length > 0 ? args.map(Number) : SIZES;
  process.stdout.write(
    "                   idle tick ms                    claim of 500 due ms\n" +
      "open receivables   p50, p99 (p99 of processor)     p50, p99 (p99 of processor)     memory MB\n",
  );
  for (const size of sizes) await measure(size);
}

async function measure(size: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "dunlin-bench-"));
  const db = new Database({ path: join(folder, "scheduler.db"), migrations: MIGRATIONS });
  try {
    fill(db, size);
    const engine = engineOn(db);
    const idle = createTimes();
    for (let round = 0; round < ROUNDS; round++) {
      const end = idle.begin();
      await engine.runner.tick();
      end();
    }
    db.sql("update dunning_case set next_action_at = ? where id % ? = 0").run(
      NOW - 1,
      Math.max(1, Math.floor(size / CLAIM)),
    );
    const claims = createTimes();
    for (let round = 0; round < ROUNDS; round++) {
      const end = claims.begin();
      const ids = engine.runner.due(NOW, CLAIM);
      end();
      if (ids.length < CLAIM * 0.9) throw new Error(`only ${ids.length} cases are due`);
    }
    const memory = Math.round(process.memoryUsage().rss / 1_048_576);
    process.stdout.write(
      `${String(size).padStart(16)}   ${idle.text().padEnd(29)}   ${claims.text().padEnd(29)}   ${String(memory).padStart(9)}\n`,
    );
  } finally {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Times on the wall, and of the processor, which other programs of a busy machine do not lengthen. */
function createTimes(): { begin(): () => void; text(): string } {
  const wall: number[] = [];
  const processor: number[] = [];
  const at = (times: number[], share: number): string => {
    times.sort((a, b) => a - b);
    return (times[Math.floor(times.length * share)] ?? 0).toFixed(3);
  };
  return {
    begin() {
      const [from, before] = [systemClock.monotonic(), process.cpuUsage()];
      return () => {
        wall.push(systemClock.monotonic() - from);
        const { user, system } = process.cpuUsage(before);
        processor.push((user + system) / 1_000);
      };
    },
    text: () => `${at(wall, 0.5)}, ${at(wall, 0.99)} (${at(processor, 0.99)})`,
  };
}

/** Rows as an import leaves them: one debtor, one case, one receivable each, spread over a month. */
function fill(db: Database, size: number): void {
  const { connection } = db;
  connection
    .prepare(
      `insert into creditor (id, external_id, name, role, time_zone, jurisdiction, language, payment_instructions, as_of)
       values (1, 'acme', 'Acme', 'creditor', 'Europe/Madrid', 'ES', 'es', '{}', 0)`,
    )
    .run();
  const debtor = connection.prepare(
    `insert into debtor (id, creditor_id, external_id, name, kind, language, jurisdiction, segment, as_of)
     values (?, 1, ?, 'x', 'consumer', 'es', 'ES', '', 0)`,
  );
  const one = connection.prepare(
    `insert into dunning_case (id, code, creditor_id, debtor_id, currency, stage, episode, version, next_action_at)
     values (?, ?, 1, ?, 'EUR', 'watching', 1, 1, ?)`,
  );
  const receivable = connection.prepare(
    `insert into receivable (id, creditor_id, case_id, external_id, as_of, principal, due_date, due_date_sequence,
       state, first_seen_at, episode, disputed, listed_by, is_open)
     values (?, 1, ?, ?, 0, 12050, '2026-04-01', 0, 'open', 0, 1, 0, 'bench', 1)`,
  );
  connection.transaction(() => {
    for (let id = 1; id <= size; id++) {
      debtor.run(id, `d${id}`);
      one.run(id, `c${id}`, id, NOW + DAY_MS + ((id * 7_919) % (30 * DAY_MS)));
      receivable.run(id, id, `r${id}`);
    }
  })();
}

function engineOn(db: Database) {
  const clock = { ...systemClock, now: () => NOW };
  const brain: Brain = {
    facts: () => undefined,
    factsOf: () => new Map(),
    decide: () => {
      throw new Error("nothing is due");
    },
    compose: () => ({ kind: "blocked", rule: "bench", detail: "" }),
  };
  return createEngine({
    db,
    clock,
    log: silentLogger,
    ids: createIds(clock, seededRandom(1)),
    random: seededRandom(2),
    zones: createZones(),
    brain,
    gateway: createGatewayClient({ url: "http://127.0.0.1:9", key: "", clock: systemClock }),
    time: sameTime,
    checkpoint: () => {},
    settings: {
      tenant: "bench",
      segmentPriceMicro: 0,
      segmentsPerMinute: 10,
      handOverMs: 900_000,
      submitWithinMs: 1_800_000,
      optOutScope: "all",
      permanentFailuresMax: 3,
      catchUp: { downtimeDaysMax: 3, dueShareMax: 0.2 },
      decisionsKeptDays: 400,
      tickMs: 1_000,
      pollMs: 60_000,
      scanHour: 3,
    },
  });
}
