/**
 * A real scheduler, on a real file and against a real gateway, ends itself with SIGKILL at each named place;
 * another one goes on with the file. The judge is the ledger of the simulated network.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { callJson } from "#bin/demo/client.ts";
import { createLedger } from "#scheduler/ledger/ledger.ts";
import { findCreditor } from "#scheduler/ledger/parties.ts";
import type { Creditor } from "#scheduler/ledger/types.ts";
import type { RunningScheduler } from "#scheduler/main.ts";
import { CHECKPOINTS, type CheckpointName } from "#scheduler/run/brain.ts";
import type { Clock } from "#shared/clock.ts";
import { createIds } from "#shared/ids.ts";
import { seededRandom } from "#shared/random.ts";
import { Database } from "#shared/sqlite.ts";
import { type RunningSimulator, runGateway, runSimulator } from "#test/support/house-processes.ts";
import { keep } from "#test/support/kept.ts";
import { MORNING, startE2eScheduler } from "#test/support/scheduler-process.ts";
import { MIGRATIONS } from "#test/support/scheduler-rig.ts";
import { type Books, invoice, openBooks, pay } from "#test/support/small-ledger.ts";
import { untilTrue } from "#test/support/until-true.ts";

const PROGRAM = fileURLToPath(new URL("../../support/scheduler-that-dies.ts", import.meta.url));
const WEBHOOKS = '[webhooks]\nallowedNetworks = ["127.0.0.0/8"]';
const TIMEOUT_MS = 90_000;
const DEBTORS = 4;
/** Two modems have four texts: while the first two are on the air, the others can be taken back. */
const NETWORK_MS = "2500";

const number = (n: number): string => `+3461213${String(1_000 + n)}`;

class Scene {
  readonly simulator: RunningSimulator;
  readonly gateway: Awaited<ReturnType<typeof runGateway>>;

  constructor(simulator: RunningSimulator, gateway: Scene["gateway"]) {
    this.simulator = simulator;
    this.gateway = gateway;
  }

  static async open(networkMs: string): Promise<Scene> {
    const simulator = await runSimulator(2, ["--profile", "quectel-ec25", "--latency", networkMs]);
    const gateway = await runGateway({ folder: simulator.folder, ports: simulator.ports(), toml: WEBHOOKS });
    const scene = new Scene(simulator, gateway);
    await scene.inBooks(async (books) => {
      const creditor = await openBooks(books, MORNING);
      for (let n = 0; n < DEBTORS; n++) {
        const debt = { name: `d${n}`, number: number(n), dueDate: "2026-03-06", language: "es" };
        await invoice(books, creditor, debt, MORNING);
      }
    });
    return scene;
  }

  /** The file itself, while no scheduler has it. */
  async inBooks(work: (books: Books, creditor: Creditor) => Promise<void>): Promise<void> {
    const folder = `${this.simulator.folder}/scheduler-data`;
    mkdirSync(folder, { recursive: true });
    const db = new Database({ path: `${folder}/scheduler.db`, migrations: MIGRATIONS });
    const random = seededRandom(7);
    const clock = { now: () => MORNING } as Clock;
    const books = { db, ledger: createLedger({ db, random, ids: createIds(clock, random) }) };
    await work(books, findCreditor(db, "acme") as Creditor);
    db.close();
  }

  /** @param meanwhile while it lives */
  async dieAt(place: CheckpointName, meanwhile: () => Promise<void> = async () => {}): Promise<void> {
    const args = [PROGRAM, this.simulator.folder, this.gateway.baseUrl, this.gateway.key, place];
    const dying = keep(spawn(process.execPath, args, { stdio: "ignore" }));
    const ended = once(dying, "exit") as Promise<[number | null, string | null]>;
    await Promise.race([meanwhile(), ended]);
    const [, signal] = await ended;
    expect(signal, `${place} was reached`).toBe("SIGKILL");
  }

  async goOn(check: (scheduler: RunningScheduler) => Promise<void>): Promise<void> {
    const scheduler = await startE2eScheduler({
      folder: this.simulator.folder,
      gatewayUrl: this.gateway.baseUrl,
      gatewayKey: this.gateway.key,
      startAt: MORNING + 60_000,
    });
    try {
      await check(scheduler);
    } finally {
      await scheduler.stop();
    }
  }

  async textsTo(to: string): Promise<string[]> {
    const entries = await this.simulator.ledger();
    return entries.filter(({ destination }) => destination === to).map(({ text }) => text ?? "");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway[Symbol.asyncDispose]();
    await this.simulator[Symbol.asyncDispose]();
  }
}

function ends(db: Database): Record<string, number> {
  const rows = db
    .sql("select state, count(*) as n from occurrence where class <> 'confirmation' group by state")
    .all() as { state: string; n: number }[];
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
}

async function everyoneOnce(scene: Scene, { db }: RunningScheduler): Promise<void> {
  await untilTrue("all are delivered", () => ends(db).delivered === DEBTORS, TIMEOUT_MS);
  for (let n = 0; n < DEBTORS; n++) expect(await scene.textsTo(number(n))).toHaveLength(1);
}

/** One of each kind; the others are for everywhere else, and in one process they all run everywhere. */
const IN_CI: readonly CheckpointName[] = [
  "after-reserve",
  "after-post",
  "after-ask",
  "after-recall",
  "after-reply-stored",
];
const places = CHECKPOINTS.filter((place) => process.env.CI === undefined || IN_CI.includes(place));
const of = (word: string): CheckpointName[] => places.filter((place) => place.includes(word));
const [recalls, asks, replies] = [of("recall"), of("ask"), of("reply")];
const others = places.filter((place) => ![...recalls, ...asks, ...replies].includes(place));

test.each(others)("SIGKILL %s: each message is sent exactly once", { timeout: TIMEOUT_MS }, async (place) => {
  await using scene = await Scene.open("0");
  await scene.dieAt(place);
  await scene.goOn((scheduler) => everyoneOnce(scene, scheduler));
});

test.each(asks)(
  "SIGKILL %s, after another one: each message is sent exactly once",
  {
    timeout: TIMEOUT_MS,
  },
  async (place) => {
    await using scene = await Scene.open("0");
    await scene.dieAt("after-post");
    // The text would be another one now: before it is given up, the gateway is asked whether it has it.
    await scene.inBooks(async (books, creditor) => {
      for (let n = 0; n < DEBTORS; n++) await pay(books, creditor, `d${n}`, 50n, MORNING);
    });
    await scene.dieAt(place);
    await scene.goOn((scheduler) => everyoneOnce(scene, scheduler));
  },
);

test.each(recalls)(
  "SIGKILL %s: what was taken back is not sent, and nothing twice",
  {
    timeout: TIMEOUT_MS,
  },
  async (place) => {
    await using scene = await Scene.open(NETWORK_MS);
    await scene.dieAt(place);
    await scene.goOn(async ({ db }) => {
      const settled = (): boolean => {
        const { delivered = 0, cancelled = 0, ...rest } = ends(db);
        return delivered + cancelled === DEBTORS && Object.keys(rest).length === 0;
      };
      await untilTrue("all came to an end", settled, TIMEOUT_MS);
      const { delivered = 0, cancelled = 0 } = ends(db);
      expect(cancelled, "something was taken back").toBeGreaterThan(0);
      const texts = await Promise.all(Array.from({ length: DEBTORS }, (_, n) => scene.textsTo(number(n))));
      expect(texts.every((list) => list.length <= 1)).toBe(true);
      expect(texts.flat()).toHaveLength(delivered);
    });
  },
);

test.each(replies)(
  "SIGKILL %s: a STOP is heard and confirmed exactly once",
  {
    timeout: TIMEOUT_MS,
  },
  async (place) => {
    await using scene = await Scene.open("0");
    const { simulator } = scene;
    await scene.dieAt(place, async () => {
      await untilTrue("all are sent", async () => (await simulator.ledger()).length === DEBTORS, TIMEOUT_MS);
      const [sent] = (await simulator.ledger()).filter(({ destination }) => destination === number(0));
      const { modems } = (await callJson(`${simulator.control}/modems`, "GET")) as {
        modems: { name: string; sim?: { imsi: string } }[];
      };
      const imsi = modems.find(({ name }) => name === sent?.modem)?.sim?.imsi;
      await callJson(`${simulator.control}/messages`, "POST", { imsi, from: number(0), text: "BAJA" });
    });
    await scene.goOn(async ({ db }) => {
      await untilTrue("confirmed", async () => (await scene.textsTo(number(0))).length === 2, TIMEOUT_MS);
      expect((await scene.textsTo(number(0)))[1]).toMatch(/no le enviaremos/);
      expect(db.sql("select count(*) from reply").pluck().get()).toBe(1);
      for (let n = 1; n < DEBTORS; n++) expect(await scene.textsTo(number(n))).toHaveLength(1);
    });
  },
);
