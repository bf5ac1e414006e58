/** What a tick costs: idle, and claiming 500 due cases, beside how much there is. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SchedulerSettings } from "#scheduler/config.ts";
import { startScheduler } from "#scheduler/main.ts";
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
import { argumentsOf, inProcess, peakMiB } from "./scheduler-process.ts";

const SIZES = [10_000, 100_000, 1_000_000];
const ROUNDS = 200;
const CLAIM = 500;
const NOW = Date.UTC(2026, 2, 3, 9, 0);
const DAY_MS = 86_400_000;
const NOBODY = "http://127.0.0.1:9";
const WATCH_MS = 20;

/** `fill` writes the receivables; the others measure what is there, each in a process of its own. */
type Part = "fill" | "ticks" | "service";

interface TickFigures {
  readonly idle: string;
  readonly claims: string;
  readonly peakMiB: number;
}

interface ServiceFigures {
  readonly decided: number;
  readonly scanned: number;
  readonly peakMiB: number;
}

/** `npm run bench -- scheduler-run [sizes…]` */
export async function benchSchedulerRun(args: string[]): Promise<void> {
  const sizes = args.length > 0 ? args.map(Number) : SIZES;
  process.stdout.write(
    "                   idle tick ms                    claim of 500 due ms             peak memory MiB (aim 400)\n" +
      "open receivables   p50, p99 (p99 of processor)     p50, p99 (p99 of processor)     ticks   whole service\n",
  );
  for (const size of sizes) process.stdout.write(`${await measure(size)}\n`);
}

async function measure(size: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "dunlin-bench-"));
  const inOwn = <T>(part: Part): Promise<T> => inProcess<T>(import.meta.url, [part, folder, String(size)]);
  try {
    await inOwn("fill");
    const ticks = await inOwn<TickFigures>("ticks");
    const service = await inOwn<ServiceFigures>("service");
    const memory = `${String(ticks.peakMiB).padStart(5)}   ${String(service.peakMiB).padStart(5)}`;
    return `${String(size).padStart(16)}   ${ticks.idle.padEnd(29)}   ${ticks.claims.padEnd(29)}   ${memory} (${service.decided} decided, ${service.scanned} scanned)`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureTicks(db: Database, size: number): Promise<TickFigures> {
  const engine = engineOn(db);
  const idle = createTimes();
  for (let round = 0; round < ROUNDS; round++) {
    const end = idle.begin();
    await engine.runner.tick();
    end();
  }
  makeDue(db, size);
  const claims = createTimes();
  for (let round = 0; round < ROUNDS; round++) {
    const end = claims.begin();
    const ids = engine.runner.due(NOW, CLAIM);
    end();
    if (ids.length < CLAIM * 0.9) throw new Error(`only ${ids.length} cases are due`);
  }
  return { idle: idle.text(), claims: claims.text(), peakMiB: peakMiB() };
}

/** Some 500 cases, spread over all. */
function makeDue(db: Database, size: number): void {
  const every = Math.max(1, Math.floor(size / CLAIM));
  db.sql("update dunning_case set next_action_at = ? where id % ? = 0").run(NOW - 1, every);
}

/** The scheduler as `dunlin` starts it: what is due is decided, and every case is scanned. Its gateway is away. */
async function measureService(folder: string): Promise<ServiceFigures> {
  const settings = SchedulerSettings.parse({ dataDir: folder, http: { port: 0 }, gateway: { url: NOBODY } });
  const clock = { ...systemClock, now: () => NOW };
  const scheduler = await startScheduler(settings, { clock, wireClock: systemClock, log: silentLogger });
  try {
    const due = (): number => scheduler.engine.runner.due(NOW, CLAIM).length;
    const before = due();
    while (due() > 0) await systemClock.sleep(WATCH_MS);
    const { cases } = await scheduler.engine.scan();
    return { decided: before, scanned: cases, peakMiB: peakMiB() };
  } finally {
    await scheduler.stop();
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
    `insert into dunning_case (id, code, creditor_id, debtor_id, currency, stage, episode, next_action_at)
     values (?, ?, 1, ?, 'EUR', 'watching', 1, ?)`,
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
    gateway: createGatewayClient({ url: NOBODY, key: "", clock: systemClock }),
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

const [part, folder, size] = argumentsOf(import.meta.url) ?? [];
if (folder !== undefined)
  process.stdout.write(JSON.stringify(await runPart(part as Part, folder, Number(size))));

async function runPart(part: Part, folder: string, size: number): Promise<unknown> {
  if (part === "service") return measureService(folder);
  const db = new Database({ path: join(folder, "scheduler.db"), migrations: MIGRATIONS });
  try {
    if (part === "ticks") return await measureTicks(db, size);
    fill(db, size);
    return null;
  } finally {
    db.close();
  }
}
