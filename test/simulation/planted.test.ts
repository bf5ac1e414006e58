/**
 * Defects that the gateway must not have, planted one at a time: the simulation finds each, and says by
 * which rule. A simulation that finds none of them would prove nothing.
 */
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Ledger } from "#gateway/messages/ledger.ts";
import type { ReceivedPdu } from "#hardware/modem/types.ts";
import type { Clock } from "#shared/clock.ts";
import type { Rule } from "./judge.ts";

/** Seeds that a defect may stay hidden from. */
const SEEDS_MAX = 60;
const LENGTH_MS_MAX = 4 * 3_600_000;
const TEST_MS_MAX = 240_000;

vi.setConfig({ testTimeout: TEST_MS_MAX });

afterEach(() => {
  vi.doUnmock("#gateway/messages/ledger.ts");
  vi.resetModules();
});

interface Caught {
  readonly seed: number;
  readonly rules: readonly Rule[];
}

/**
 * The first seed that finds it; plans of a few hours, because a defect shows early or not at all. Without
 * `crashes`, what crashes destroy is no excuse for what is missing.
 */
async function firstCatch(rule: Rule, crashes = true): Promise<Caught | undefined> {
  const { planOf } = await import("./draw-plan.ts");
  const { run } = await import("./run.ts");
  for (let seed = 1; seed <= SEEDS_MAX; seed++) {
    const plan = planOf(seed);
    if (plan.lengthMs > LENGTH_MS_MAX) continue;
    const happenings = crashes ? plan.happenings : [];
    const rules = [
      ...new Set((await run({ ...plan, happenings })).violations.map((violation) => violation.rule)),
    ];
    if (rules.includes(rule)) return { seed, rules };
  }
  return undefined;
}

/** A ledger that tells its caller of a write before it is on disk. */
async function hastyLedger(steps: readonly string[]): Promise<void> {
  vi.resetModules();
  const real = await vi.importActual<typeof import("#gateway/messages/ledger.ts")>(
    "#gateway/messages/ledger.ts",
  );
  class HastyLedger extends real.Ledger {
    readonly #clock: Clock;
    #owed: (() => Promise<unknown>) | undefined;

    constructor(...parts: ConstructorParameters<typeof Ledger>) {
      super(...parts);
      this.#clock = parts[1];
    }

    override async write<T>(...[step, work]: Parameters<Ledger["write"]>): Promise<T> {
      if (!steps.includes("accept")) await this.#pay();
      if (!steps.includes(step)) return (await super.write(step, work)) as T;
      this.#owed = () => super.write(step, work);
      this.#clock.timer(LATE_MS, () => void this.#pay());
      return this.#tryOut(work) as T;
    }

    /** What the caller gets to see: the work's result, as if it had been stored. */
    #tryOut(work: Parameters<Ledger["write"]>[1]): unknown {
      this.db.sql("begin immediate").run();
      try {
        return work({ now: this.#clock.now(), moves: [], accepted: [], after: [], lastSequence: 0 });
      } finally {
        this.db.sql("rollback").run();
      }
    }

    async #pay(): Promise<void> {
      const owed = this.#owed;
      this.#owed = undefined;
      await owed?.();
    }
  }
  vi.doMock("#gateway/messages/ledger.ts", () => ({ ...real, Ledger: HastyLedger }));
}

const LATE_MS = 2_000;

describe("the simulation finds", () => {
  test("a second copy of what is unknown", async () => {
    vi.resetModules();
    vi.doMock("#gateway/outbox/settle.ts", async (original) => {
      const real = await original<typeof import("#gateway/outbox/settle.ts")>();
      return {
        ...real,
        settle: (...[outcome, facts]: Parameters<typeof real.settle>) => {
          const verdict = real.settle(outcome, facts);
          if (verdict.segment.to !== "unknown") return verdict;
          return { ...verdict, segment: { to: "queued", reason: verdict.segment.reason } };
        },
      };
    });
    expect(await firstCatch("once")).toBeDefined();
    vi.doUnmock("#gateway/outbox/settle.ts");
  });

  test("a limit that is not kept", async () => {
    vi.resetModules();
    vi.doMock("#gateway/outbox/meter.ts", async (original) => {
      const real = await original<typeof import("#gateway/outbox/meter.ts")>();
      return {
        ...real,
        SimMeter: class extends real.SimMeter {
          override waitMs = () => 0;
        },
      };
    });
    expect(await firstCatch("rate")).toBeDefined();
    vi.doUnmock("#gateway/outbox/meter.ts");
  });

  test("a part that leaves before it is on disk that it will", async () => {
    await hastyLedger(["claim", "settle", "settle-and-claim"]);
    expect(await firstCatch("once")).toBeDefined();
  });

  test("a message that is acknowledged before it is on disk", async () => {
    await hastyLedger(["accept"]);
    expect(await firstCatch("ends")).toBeDefined();
  });

  test("a report that says 'still trying' and is taken for the last word", async () => {
    vi.resetModules();
    vi.doMock("#gateway/reports/verdict.ts", async (original) => {
      const real = await original<typeof import("#gateway/reports/verdict.ts")>();
      return {
        ...real,
        reportVerdict: (...[status, category]: Parameters<typeof real.reportVerdict>) =>
          category === "still-trying"
            ? { to: "undelivered", reason: "Planted.", code: "undeliverable" }
            : real.reportVerdict(status, category),
      };
    });
    expect(await firstCatch("truth")).toBeDefined();
    vi.doUnmock("#gateway/reports/verdict.ts");
  });

  test("a report that is lost on its way in", async () => {
    vi.resetModules();
    vi.doMock("#gateway/reports/reports.ts", async (original) => {
      const real = await original<typeof import("#gateway/reports/reports.ts")>();
      let came = 0;
      class Forgetful extends real.Reports {
        override async receive(sim: number, pdu: ReceivedPdu): Promise<void> {
          if (++came % 5 !== 0) await super.receive(sim, pdu);
        }
      }
      return { ...real, Reports: Forgetful };
    });
    expect(await firstCatch("evidence", false)).toBeDefined();
    vi.doUnmock("#gateway/reports/reports.ts");
  });

  test("a modem that waits for another", async () => {
    vi.resetModules();
    vi.doMock("#hardware/modem/modem.ts", async (original) => {
      const real = await original<typeof import("#hardware/modem/modem.ts")>();
      let last: Promise<unknown> = Promise.resolve();
      return {
        ...real,
        createModem: (...deps: Parameters<typeof real.createModem>) => {
          const modem = real.createModem(...deps);
          const submit = modem.submit.bind(modem);
          return Object.assign(modem, {
            submit: (...pdu: Parameters<typeof submit>) => {
              const turn = last.then(() => submit(...pdu));
              last = turn.catch(() => undefined);
              return turn;
            },
          });
        },
      };
    });
    expect(await firstCatch("apart")).toBeDefined();
    vi.doUnmock("#hardware/modem/modem.ts");
  });
});
