/** Runs one plan from its first moment to the rest after it, and lets the judge look. */
import { type Accepted, Caller } from "./caller.ts";
import { HOUR_MS, MINUTE_MS } from "./draw-plan.ts";
import { judge, type Violation } from "./judge.ts";
import type { Happening, Plan } from "./plan.ts";
import { Watch } from "./watch.ts";
import { World } from "./world.ts";

/** What waits gets so long to find its end after the plan's own time. */
const REST_MS_MAX = 36 * HOUR_MS;
/** A modem that is not back after so long is unplugged and plugged in again, by somebody. */
const PATIENCE_MS = 30 * MINUTE_MS;
const LOOK_EVERY_MS = 30_000;
/** Reports that were delayed are on their way for so long. */
const LATE_REPORTS_MS = 70 * MINUTE_MS;
/** Longer than any report is waited for, validity and grace, though the clock was put back for days. */
const REPORTS_MS = 8 * 24 * HOUR_MS;

export interface Outcome {
  readonly violations: readonly Violation[];
  readonly hours: number;
  readonly crashes: number;
  readonly submits: number;
  readonly messages: number;
  /** The same for the same plan: what the service centre took, when and from whom. */
  readonly print: string;
}

export async function run(plan: Plan): Promise<Outcome> {
  const world = new World(plan);
  try {
    const caller = new Caller(world);
    const watch = new Watch(world);
    arrange(world, caller);
    watch.start();
    await world.begin();
    await world.clock.advance(plan.lengthMs);
    const stuck = await rest(world, caller);
    const found = stuck.length > 0 ? stuck : await judge(world, caller.accepted);
    const violations = [...found, ...watch.violations];
    return outcome(world, caller.accepted, violations);
  } finally {
    await world.remove();
  }
}

function outcome(world: World, accepted: readonly Accepted[], violations: readonly Violation[]): Outcome {
  const entries = world.simulator.ledger.entries();
  return {
    violations,
    hours: world.clock.monotonic() / HOUR_MS,
    crashes: world.crashes,
    submits: entries.length,
    messages: accepted.length,
    print: entries.map(({ at, modem, pduHex }) => `${at} ${modem} ${pduHex}`).join("\n"),
  };
}

/** Everything of the plan gets its moment. */
function arrange(world: World, caller: Caller): void {
  const { plan, simulator } = world;
  for (const { number, state, forMs, reply } of plan.phones) {
    const phone = simulator.handset(number);
    phone.become(state, forMs);
    if (reply !== undefined) phone.script([{ reply, afterMs: 2_000 }]);
  }
  for (const fault of plan.faults) simulator.faults.arm(fault);
  for (const happening of plan.happenings) expect(world, happening);
  caller.arrange();
}

function expect(world: World, happening: Happening): void {
  const { clock, simulator } = world;
  const at = (ms: number, act: () => void): void => void clock.timer(ms, act);
  switch (happening.kind) {
    case "crash":
      at(happening.atMs, () => die(world, happening.downMs));
      return;
    case "crash-at-send":
      simulator.ledger.subscribe(({ sequence }) => {
        if (sequence === happening.nth) inTurns(happening.turns, () => die(world, happening.downMs));
      });
      return;
    case "crash-at-accept":
      world.onAnswer.add((answers) => {
        if (answers === happening.nth) at(happening.afterMs, () => die(world, happening.downMs));
      });
      return;
    case "crash-at-step":
      world.onStep.add((steps) => {
        if (steps === happening.nth) die(world, happening.downMs);
      });
      return;
    case "restart":
      at(happening.atMs, () => void restart(world, happening.downMs));
      return;
    case "clock-step":
      at(happening.atMs, () => {
        world.wall.offsetMs += happening.byMs;
      });
      return;
    case "park":
      at(happening.atMs, () => void park(world, happening.modem, true));
      at(happening.atMs + happening.forMs, () => void park(world, happening.modem, false));
      return;
  }
}

function inTurns(turns: number, act: () => void): void {
  if (turns === 0) act();
  else setImmediate(() => inTurns(turns - 1, act));
}

function die(world: World, downMs: number): void {
  if (world.life?.alive !== true) return;
  world.crash();
  world.clock.timer(downMs, () => {
    if (world.life === undefined) void world.begin();
  });
}

async function restart(world: World, downMs: number): Promise<void> {
  const { life } = world;
  if (life?.ready !== true) return;
  await world.stop();
  world.clock.timer(downMs, () => {
    if (world.life === undefined) void world.begin();
  });
}

async function park(world: World, modem: string, parked: boolean): Promise<void> {
  const { life } = world;
  const iccid = world.simulator.modem(modem).modem.sim?.iccid;
  if (life?.ready !== true || iccid === undefined) return;
  if (parked) await life.core.sims.parkSim(iccid, "Taken out for a while.");
  else await life.core.sims.releaseSim(iccid, "operator");
}

/** All trouble is over; goes on until nothing waits any more, and no report is waited for. */
async function rest(world: World, caller: Caller): Promise<Violation[]> {
  const { simulator, clock, receiver } = world;
  world.disarm();
  simulator.network.operator.impose(undefined);
  receiver.healed = true;
  const healed = clock.monotonic();
  let pluggedAt = healed;
  while (!(await isAtRest(world, caller))) {
    if (clock.monotonic() - healed > REST_MS_MAX) return [stillWaiting(world)];
    if (clock.monotonic() - pluggedAt > PATIENCE_MS) {
      pluggedAt = clock.monotonic();
      await helpModems(world);
    }
    await clock.advance(LOOK_EVERY_MS);
  }
  await clock.advance(LATE_REPORTS_MS);
  // Everybody who was not heard of is given up; nothing that happened before may be lost by it.
  world.wall.offsetMs += REPORTS_MS;
  await clock.advance(10 * MINUTE_MS);
  for (let waited = 0; !(await isAtRest(world, caller)); waited += LOOK_EVERY_MS) {
    if (waited > HOUR_MS) return [stillWaiting(world)];
    await clock.advance(LOOK_EVERY_MS);
  }
  return [];
}

/** A person looks at modems that do not work: plugs them again, releases their SIMs. */
async function helpModems(world: World): Promise<void> {
  for (const view of world.life?.core.fleet.modems() ?? []) {
    if (view.state === "ready") continue;
    world.simulator.modem(view.name).strike({ kind: "unplug", replugAfterMs: 5_000 });
  }
  for (const { iccid, parked } of (await world.life?.core.fleet.sims()) ?? [])
    if (parked !== undefined) await world.life?.core.sims.releaseSim(iccid, "operator");
}

/** Nothing waits but what waits for a part that nobody knows of, no modem has anything, all is told. */
async function isAtRest(world: World, caller: Caller): Promise<boolean> {
  const { life } = world;
  if (life?.ready !== true || caller.calling > 0) return false;
  const { queued, submitting } = life.core.metrics().segments;
  if (submitting > 0 || (queued > 0 && waiting(world) > 0)) return false;
  return life.webhooks.list(world.keyId).every(({ pending }) => pending === 0);
}

function waiting({ life }: World): number {
  const row = life?.core.db
    .sql(
      `select count(*) as waiting from segment s where s.state = 'queued' and not exists
         (select 1 from segment u where u.message = s.message and u.state = 'unknown')`,
    )
    .get() as { waiting: number };
  return row.waiting;
}

function stillWaiting(world: World): Violation {
  const { life } = world;
  const modems = life?.core.fleet.modems().map(({ name, state, detail }) => `${name} ${state} (${detail})`);
  const rows = life?.core.db
    .sql(
      "select m.id, s.number, s.state, s.reason, m.recipient from segment s join message m on m.number = s.message where s.state in ('queued', 'submitting')",
    )
    .all();
  const pending = life?.webhooks.list(world.keyId).map((webhook) => webhook.pending);
  return {
    rule: "ends",
    text: `something waits for ever: ${JSON.stringify(rows)}; webhooks ${pending}; ${modems?.join(", ")}`,
  };
}
