/** The scheduler against a real gateway on simulated modems: processes, HTTP, webhooks. */
import { describe, expect, test } from "vitest";
import { callJson } from "#bin/demo/client.ts";
import type { RunningScheduler } from "#scheduler/main.ts";
import type { Database } from "#shared/sqlite.ts";
import { type RunningSimulator, runGateway, runSimulator } from "#test/support/house-processes.ts";
import { MORNING, startE2eScheduler } from "#test/support/scheduler-process.ts";
import { invoice, openBooks, pay } from "#test/support/small-ledger.ts";
import { untilTrue } from "#test/support/until-true.ts";

const WEBHOOKS = '[webhooks]\nallowedNetworks = ["127.0.0.0/8"]';
const TIMEOUT_MS = 90_000;
const DAY_MS = 86_400_000;

const number = (n: number): string => `+3461213${String(1_000 + n)}`;

function states(db: Database): string[] {
  return db
    .sql("select state from occurrence where class <> 'confirmation' order by id")
    .pluck()
    .all() as string[];
}

function stageOf(db: Database, debtor: string): unknown {
  const find = "select stage from dunning_case c join debtor d on d.id = c.debtor_id where d.external_id = ?";
  return db.sql(find).pluck().get(debtor);
}

/** The rule that decided last. */
function lastRule(db: Database, debtor: string): unknown {
  const find = `select rules from decision where case_id =
    (select c.id from dunning_case c join debtor d on d.id = c.debtor_id where d.external_id = ?)
    order by at desc limit 1`;
  const rules = JSON.parse((db.sql(find).pluck().get(debtor) as string | undefined) ?? "[]") as {
    rule: string;
  }[];
  return rules.at(-1)?.rule;
}

async function textsTo(simulator: RunningSimulator, to: string): Promise<string[]> {
  const entries = await simulator.ledger();
  return entries.filter(({ destination }) => destination === to).map(({ text }) => text ?? "");
}

async function pair() {
  const simulator = await runSimulator(2, ["--profile", "quectel-ec25"]);
  const gateway = await runGateway({ folder: simulator.folder, ports: simulator.ports(), toml: WEBHOOKS });
  return { simulator, gateway };
}

async function owe(books: { db: Database; ledger: RunningScheduler["ledger"] }, count: number) {
  const creditor = await openBooks(books, MORNING);
  for (let n = 0; n < count; n++)
    await invoice(
      books,
      creditor,
      { name: `d${n}`, number: number(n), dueDate: "2026-03-06", language: "es" },
      MORNING,
    );
  return creditor;
}

describe("against a real gateway", () => {
  test("a reminder arrives with its three times, STOP is confirmed once, a full payment is thanked for once", {
    timeout: TIMEOUT_MS,
  }, async () => {
    const { simulator, gateway } = await pair();
    await using _simulator = simulator;
    await using _gateway = gateway;
    const scheduler = await startE2eScheduler({
      folder: simulator.folder,
      gatewayUrl: gateway.baseUrl,
      gatewayKey: gateway.key,
    });
    try {
      const creditor = await owe(scheduler, 3);
      await untilTrue(
        "three are delivered",
        () => states(scheduler.db).filter((state) => state === "delivered").length === 3,
      );
      const rows = scheduler.db
        .sql("select handed_over_at a, submitted_at s, delivered_at d from occurrence")
        .all() as { a: number; s: number; d: number }[];
      for (const { a, s, d } of rows)
        expect([a <= s, s <= d, a >= MORNING - 1_000]).toEqual([true, true, true]);
      const [sent] = (await simulator.ledger()).filter(({ destination }) => destination === number(0));
      await callJson(`${simulator.control}/messages`, "POST", {
        imsi: await imsiOf(simulator, sent?.modem ?? ""),
        from: number(0),
        text: "BAJA",
      });
      await untilTrue(
        "the confirmation is sent",
        async () => (await textsTo(simulator, number(0))).length === 2,
      );
      expect((await textsTo(simulator, number(0)))[1]).toMatch(/no le enviaremos/);
      await pay(scheduler, creditor, "d1", 12_050n, MORNING);
      await untilTrue("the paid case is closed", () => stageOf(scheduler.db, "d1") === "closed");
      expect(await textsTo(simulator, number(2))).toHaveLength(1);
      expect(scheduler.db.sql("select count(*) from gateway_event").pluck().get()).toBeGreaterThan(6);
    } finally {
      await scheduler.stop();
    }
    // One text a day: who was reminded today is thanked tomorrow.
    const tomorrow = await startE2eScheduler({
      folder: simulator.folder,
      gatewayUrl: gateway.baseUrl,
      gatewayKey: gateway.key,
      startAt: MORNING + DAY_MS,
    });
    try {
      await untilTrue("who paid is thanked", async () => (await textsTo(simulator, number(1))).length === 2);
      const [, thanks] = await textsTo(simulator, number(1));
      expect(thanks).toMatch(/^Acme Water: .*gracias.*120,50/i);
      await untilTrue("the thank-you is delivered", () => states(tomorrow.db)[3] === "delivered");
      await untilTrue("the log says so", () => lastRule(tomorrow.db, "d1") === "thanks.once");
      expect(await textsTo(simulator, number(1)), "once").toHaveLength(2);
      expect(await textsTo(simulator, number(2)), "who did not pay is left alone").toHaveLength(1);
    } finally {
      await tomorrow.stop();
    }
  });
});

async function imsiOf(simulator: RunningSimulator, name: string): Promise<string> {
  const { modems } = (await callJson(`${simulator.control}/modems`, "GET")) as {
    modems: { name: string; sim?: { imsi: string } }[];
  };
  return modems.find((modem) => modem.name === name)?.sim?.imsi ?? "";
}
