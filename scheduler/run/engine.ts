/** The acting half, put together: what there is to call, and the loop that calls it. */
import { checkChain } from "#scheduler/evidence/nightly.ts";
import { createEvidence } from "#scheduler/evidence/store.ts";
import type { Gate } from "#scheduler/ledger/facts.ts";
import { movePromise } from "#scheduler/ledger/promises.ts";
import type { RowId } from "#scheduler/ledger/types.ts";
import { createInbox } from "#scheduler/replies/inbox.ts";
import type { Clock } from "#shared/clock.ts";
import type { IdFactory } from "#shared/ids.ts";
import type { Zones } from "#shared/local-date.ts";
import type { Logger } from "#shared/logger.ts";
import type { Random } from "#shared/random.ts";
import type { Database } from "#shared/sqlite.ts";
import type { Brain, Checkpoint } from "./brain.ts";
import { createCaseStep } from "./case-step.ts";
import type { CatchUpSettings } from "./catch-up.ts";
import { type ClockGuard, createClockGuard } from "./clock-guard.ts";
import { createCourier } from "./courier.ts";
import { createDecisionLog, type DecisionLog } from "./decision-log.ts";
import { createFleetWatch, type FleetWatch } from "./fleet-watch.ts";
import type { GatewayClient } from "./gateway-client.ts";
import type { GatewayTime } from "./gateway-time.ts";
import { prune } from "./housekeeping.ts";
import { createIntake, type Intake } from "./intake.ts";
import { createLoop, type Job, type Loop } from "./loop.ts";
import { createMarks, type Marks } from "./marks.ts";
import { createNumberBook } from "./numbers.ts";
import { createOccurrences, type Occurrences } from "./occurrences.ts";
import { createOperator, type Operator } from "./operator.ts";
import { createReceipts } from "./receipts.ts";
import { createRunner, type Runner } from "./runner.ts";
import { fullScan, type ScanReport, type ScanWatch } from "./scan.ts";
import { createStickySims } from "./sticky-sims.ts";
import { createTasks, type Tasks } from "./tasks.ts";

export interface EngineSettings {
  readonly tenant: string;
  readonly segmentPriceMicro: number;
  readonly segmentsPerMinute: number;
  /** How much of the fleet's capacity may lie at the gateway. */
  readonly handOverMs: number;
  /** What a modem has not taken within this is planned anew. */
  readonly submitWithinMs: number;
  readonly optOutScope: "all" | "creditor";
  readonly permanentFailuresMax: number;
  readonly catchUp: CatchUpSettings;
  readonly decisionsKeptDays: number;
  readonly tickMs: number;
  readonly pollMs: number;
  /** UTC hour of the nightly full scan. */
  readonly scanHour: number;
  readonly homeCountry?: string;
}

export interface EngineDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly ids: IdFactory;
  /** For the salts of the evidence. */
  readonly random: Random;
  readonly zones: Zones;
  readonly brain: Brain;
  readonly gateway: GatewayClient;
  readonly time: GatewayTime;
  readonly checkpoint: Checkpoint;
  readonly settings: EngineSettings;
  /** Further work that comes round. */
  readonly jobs?: readonly Job[];
}

export interface Engine {
  readonly runner: Runner;
  readonly intake: Intake;
  readonly operator: Operator;
  readonly guard: ClockGuard;
  readonly fleet: FleetWatch;
  readonly tasks: Tasks;
  readonly decisions: DecisionLog;
  readonly occurrences: Occurrences;
  readonly marks: Marks;
  readonly loop: Loop;
  scan(watch?: ScanWatch): Promise<ScanReport>;
}

export function createEngine(deps: EngineDeps): Engine {
  const { db, clock, log, brain, gateway, time, checkpoint, settings } = deps;
  const { tenant, segmentPriceMicro } = settings;
  const evidence = createEvidence(db, deps.random);
  const occurrences = createOccurrences(db, evidence);
  const decisions = createDecisionLog(db);
  const tasks = createTasks(db, deps.ids);
  const marks = createMarks(db);
  const sims = createStickySims(db);
  const aliveAt = marks.number("clock.high-water");
  const guard = guardOn(db, marks, clock);
  const { catchUp } = settings;
  const operator = createOperator({ db, clock, marks, tasks, brain, occurrences, tenant, catchUp });
  const fleet = createFleetWatch({ gateway, clock, settings, reserved: occurrences.reservedSegments });
  const gates = (at: number): readonly Gate[] => operator.gates(at);
  const shared = { db, clock, log, gateway, brain, occurrences, tasks, time, tenant, checkpoint };
  const step = createCaseStep({
    ...shared,
    decisions,
    zones: deps.zones,
    segmentPriceMicro,
    submitWithinMs: settings.submitWithinMs,
    gates,
    simFor: (debtorId) => sims.of(debtorId, fleet.canSend),
    onEffect: ({ promiseId }, now) => {
      movePromise(db, promiseId, "broken", { actor: "scheduler", at: now });
    },
  });
  const receipts = createReceipts({
    occurrences,
    numbers: createNumberBook(db, settings.permanentFailuresMax),
    tasks,
    noteSim: (debtorId: RowId, iccid: string, at: number) => sims.note(debtorId, iccid, at),
  });
  let pausedUntil = Number.NEGATIVE_INFINITY;
  const pause = (ms: number): void => {
    pausedUntil = Math.max(pausedUntil, clock.monotonic() + ms);
  };
  const courier = createCourier({ ...shared, receipts, step, gates, pause });
  const runner = createRunner({
    ...{ ...shared, step, courier, fleet, guard, marks },
    pausedUntil: () => pausedUntil,
  });
  const inbox = createInbox({ ...shared, ...settings, evidence });
  const scan = async (watch: ScanWatch = {}): Promise<ScanReport> => {
    await checkChain({ db, clock, log, marks, tasks }, watch.signal);
    return fullScan({ db, clock, log, brain, decisions, tasks, gates }, watch);
  };
  let wake: () => void = () => {};
  const intake = createIntake({ ...shared, courier, inbox, marks, wake: () => wake() });
  const loop = createLoop({
    clock,
    log,
    tickMs: settings.tickMs,
    begin: () => operator.judgeDowntime(aliveAt),
    tick: () => runner.tick(),
    jobs: [...(deps.jobs ?? []), ...jobsOf(deps, intake, decisions, scan)],
  });
  wake = loop.wake;
  return { runner, intake, operator, guard, fleet, tasks, decisions, occurrences, marks, loop, scan };
}

function guardOn(db: Database, marks: Marks, clock: Clock): ClockGuard {
  return createClockGuard({
    clock,
    highWater: () => marks.number("clock.high-water"),
    acceptedUntil: () => marks.number("clock.accepted"),
    aheadMs: () => marks.number("clock.ahead"),
    store: ({ highWater, acceptedUntil, aheadMs }) =>
      db.write(() => {
        if (highWater !== undefined) marks.set("clock.high-water", highWater);
        if (acceptedUntil !== undefined) marks.set("clock.accepted", acceptedUntil);
        if (aheadMs !== undefined) marks.set("clock.ahead", aheadMs);
      }),
  });
}

/** Messages that nothing was heard of are asked about this often. */
const RECONCILE_EVERY_MS = 10 * 60_000;

function jobsOf(deps: EngineDeps, intake: Intake, decisions: DecisionLog, scan: Engine["scan"]): Job[] {
  const { db, clock, settings } = deps;
  const reconcileMs = Math.max(settings.pollMs, RECONCILE_EVERY_MS);
  return [
    { name: "poll", everyMs: settings.pollMs, run: () => intake.poll() },
    { name: "reconcile", everyMs: reconcileMs, run: () => intake.reconcile() },
    { name: "scan", atUtcHour: settings.scanHour, run: (signal) => scan({ signal }) },
    {
      name: "housekeeping",
      atUtcHour: settings.scanHour,
      run: () => prune(db, decisions, { decisionsDays: settings.decisionsKeptDays }, clock.now()),
    },
  ];
}
