/**
 * Looks again and again whether a modem stands idle while there is work for it: one that waits for
 * another modem would.
 */
import type { Violation } from "./judge/case.ts";
import type { Life, World } from "./world.ts";

const LOOK_EVERY_MS = 15_000;
/** A SIM that the network slowed down rests for a minute at most. */
const IDLE_MS_MAX = 120_000;

/** First parts that any SIM may take now: no time is set, nobody had them, no sender is known. */
const FREE_WORK = `
  select 1 from segment s
  join message m on m.number = s.message
  left join recipient r on r.number = m.recipient
  where s.state = 'queued' and s.number = 1 and s.not_before is null and r.sim is null
    and m.wanted_sim is null and coalesce(m.not_before, 0) <= ? and (m.not_after is null or m.not_after > ?)
    and not exists (select 1 from attempt a where a.message = s.message)
  limit 1`;

const IS_PARKED = `
  select 1 from sim_parking p join sim s on s.number = p.sim where s.iccid = ? and p.released_at is null`;

export class Watch {
  readonly violations: Violation[] = [];
  readonly #world: World;
  readonly #idleSince = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
  }

  start(): void {
    this.#world.clock.timer(LOOK_EVERY_MS, () => {
      this.#look();
      this.start();
    });
  }

  #look(): void {
    const { life } = this.#world;
    if (life?.ready !== true || life.core.metrics().segments.queued === 0 || !this.#hasFreeWork(life)) {
      this.#idleSince.clear();
      return;
    }
    const now = this.#world.clock.monotonic();
    for (const { name, perMinute, perHour } of this.#world.plan.modems) {
      const isLimited = perMinute !== undefined || perHour !== undefined;
      if (isLimited || !this.#isIdle(life, name)) this.#idleSince.delete(name);
      else this.#judge(name, now);
    }
  }

  #judge(name: string, now: number): void {
    const since = Math.max(this.#idleSince.get(name) ?? now, this.#world.wire.lastAtMs.get(name) ?? 0);
    this.#idleSince.set(name, since);
    if (now - since <= IDLE_MS_MAX) return;
    this.violations.push({ rule: "apart", text: `${name} was ready and idle while messages waited` });
    this.#idleSince.set(name, now);
  }

  #hasFreeWork({ core, clock }: Life): boolean {
    return core.db.sql(FREE_WORK).get(clock.now(), clock.now()) !== undefined;
  }

  #isIdle({ core }: Life, name: string): boolean {
    const view = core.fleet.modems().find((modem) => modem.name === name);
    if (view?.state !== "ready" || view.submitting || view.sim === undefined) return false;
    return core.db.sql(IS_PARKED).get(view.sim) === undefined;
  }
}
