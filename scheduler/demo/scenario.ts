/**
 * The main job, watched: two hundred debtors of a water company in four countries, a month and a half in
 * a few minutes. Speaks to the gateway and to the simulator's control address over HTTP only.
 */
import { priceMicro, SchedulerSettings } from "#scheduler/config.ts";
import { createGuardedReader } from "#scheduler/import/guarded-reader.ts";
import { countDue } from "#scheduler/ledger/due.ts";
import { type RunningScheduler, startScheduler } from "#scheduler/main.ts";
import { systemClock } from "#shared/clock.ts";
import { createIds } from "#shared/ids.ts";
import { createZones } from "#shared/local-date.ts";
import { createLogger, type Logger } from "#shared/logger.ts";
import { systemRandom } from "#shared/random.ts";
import { call } from "./calls.ts";
import { createDays } from "./days.ts";
import { DEMO_START, loadInvoices, readInvoices, readStory, recordPayment, type StoryEvent } from "./load.ts";
import { createOffice } from "./office.ts";
import { type Pace, PacedClock } from "./paced-clock.ts";
import { summaryOf } from "./summary.ts";
import { type DemoScreen, drawTable } from "./table.ts";

/** An hour takes two seconds while messages are on their way, else a quarter of a second. */
const PACE: Pace = { walk: 1_800, hurry: 14_400 };
/** From here on nothing new happens. */
export const DEMO_DAYS = 45;
const DAY_MS = 86_400_000;
const DRAW_EVERY_MS = 1_000;
/** How often it is looked at whether something is on its way, and what the story says next. */
const LOOK_EVERY_MS = 50;
/** A message without a report is waited for this long; a dead number gives one at once. */
const REPORT_WITHIN_MS = 6 * 3_600_000;
/** Where nobody watches, a table every half day is enough. */
const DRAW_EVERY_MS_QUIET = 6_000;
const PRICE = "0.06";
const CURRENCY = "EUR";
/** What one simulated modem sends in a second of the world, on a busy machine. */
const SEGMENTS_PER_SECOND = 2;
/** How much of the fleet's capacity may lie at the gateway: two seconds of the world. */
const HAND_OVER_MS = 2_000;
/** A utility's ladder, for a water company. */
const POLICY = "utility";

export interface DemoOptions {
  readonly dataDir: string;
  readonly gatewayUrl: string;
  /** A key with the scope admin. */
  readonly gatewayKey: string;
  /** Address of the simulator's control interface; replies and the dead number need it. */
  readonly controlUrl: string;
  readonly screen: DemoScreen;
  readonly signal: AbortSignal;
  /** Port of the scheduler's own HTTP side; 0 takes a free one. */
  readonly port?: number;
  readonly pace?: Pace;
  /** How many days to show. */
  readonly days?: number;
  readonly log?: Logger;
}

export interface DemoResult {
  readonly messages: number;
  readonly delivered: number;
  readonly paidCases: number;
}

/**
 * Plays until the days are over or `signal` aborts. The gateway must take webhooks to 127.0.0.1
 * (`webhooks.allowedNetworks`) and all four countries (`numbers.allowedCountries`); without webhooks the
 * scheduler polls.
 */
export async function playScheduler(options: DemoOptions): Promise<DemoResult> {
  const pace = options.pace ?? PACE;
  const clock = new PacedClock(systemClock, DEMO_START, pace);
  const scheduler = await startScheduler(settingsOf(options, pace), {
    clock,
    wireClock: systemClock,
    gatewayTime: clock,
    log: options.log ?? createLogger({ level: "warn", name: "scheduler" }),
  });
  try {
    const { text: key } = await scheduler.createKey("demo", ["admin"]);
    const { address } = scheduler;
    options.screen.write(`\n  scheduler  ${address}\n  interface  ${address}/docs\n  key        ${key}\n\n`);
    await call(`${address}/v1/assignments`, "PUT", { policy: POLICY }, key);
    await play(options, scheduler, clock, createOffice(address, key, clock));
    const summary = await summaryOf(scheduler.db, createZones(), clock.now(), CURRENCY);
    options.screen.write(`${summary}\n`);
    return resultOf(scheduler);
  } finally {
    await scheduler.stop();
  }
}

/** Times that are short for people are too short when an hour takes seconds. */
function settingsOf(options: DemoOptions, { walk }: Pace): SchedulerSettings {
  const perSecond = walk / 1_000;
  return SchedulerSettings.parse({
    dataDir: options.dataDir,
    http: { port: options.port ?? 0 },
    gateway: {
      url: options.gatewayUrl,
      key: options.gatewayKey,
      segmentsPerMinute: (60 * SEGMENTS_PER_SECOND) / walk,
    },
    cost: { segment: PRICE, currency: CURRENCY },
    run: {
      tickSeconds: Math.min(3_600, Math.max(0.1, 200 * perSecond)),
      pollSeconds: Math.min(86_400, Math.max(1, 3_000 * perSecond)),
      handOverMinutes: Math.min(1_440, Math.max(1, (HAND_OVER_MS / 60_000) * walk)),
      submitWithinMinutes: 600,
    },
  });
}

async function play(
  options: DemoOptions,
  scheduler: RunningScheduler,
  clock: PacedClock,
  office: () => Promise<void>,
): Promise<void> {
  const { signal, screen } = options;
  const creditor = await loadInvoices({
    ledger: scheduler.ledger,
    db: scheduler.db,
    clock,
    zones: createZones(),
    ids: createIds(clock, systemRandom),
    reader: createGuardedReader(systemClock),
  });
  const invoices = new Map(readInvoices().map((invoice) => [invoice.customer, invoice]));
  const story = readStory();
  const end = DEMO_START + (options.days ?? DEMO_DAYS) * DAY_MS;
  const days = createDays(scheduler, clock, priceMicro(PRICE));
  const drawEveryMs = screen.isTTY === true ? DRAW_EVERY_MS : DRAW_EVERY_MS_QUIET;
  let drawnAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted && clock.now() < end) {
    while ((story[0]?.at ?? Number.POSITIVE_INFINITY) <= clock.now()) {
      const event = story.shift() as StoryEvent;
      const invoice = invoices.get(event.customer);
      if (invoice === undefined) continue;
      if (event.what === "pay") await recordPayment(scheduler.ledger, creditor, event, invoice.currency);
      else await tellSimulator(options.controlUrl, event, invoice.phone);
    }
    if (systemClock.monotonic() - drawnAt >= drawEveryMs) {
      drawnAt = systemClock.monotonic();
      drawTable(screen, scheduler.db, clock.now(), days.today());
    }
    await office();
    if (days.working() || isBusy(scheduler, clock.now())) clock.walk();
    else clock.hurry();
    await systemClock.sleep(LOOK_EVERY_MS, signal);
  }
  drawTable(screen, scheduler.db, clock.now(), days.today());
}

/** Something is due, under way, or waits for its report. */
function isBusy({ db, engine }: RunningScheduler, now: number): boolean {
  if (countDue(db, now, 1) > 0 || engine.occurrences.countUnsettled().messages > 0) return true;
  const waiting = db.sql("select 1 from occurrence where state = 'submitted' and submitted_at > ? limit 1");
  return waiting.get(now - REPORT_WITHIN_MS) !== undefined;
}

async function tellSimulator(controlUrl: string, event: StoryEvent, number: string): Promise<void> {
  if (event.what === "dead") {
    await call(`${controlUrl}/handsets/${encodeURIComponent(number)}`, "PUT", { state: "dead" });
    return;
  }
  const imsi = await imsiThatSentTo(controlUrl, number);
  if (imsi !== undefined)
    await call(`${controlUrl}/messages`, "POST", { imsi, from: number, text: event.value });
}

/** A debtor answers the number that wrote. */
async function imsiThatSentTo(controlUrl: string, number: string): Promise<string | undefined> {
  const book = (await call(`${controlUrl}/ledger?destination=${encodeURIComponent(number)}`, "GET")) as {
    entries: readonly { readonly imsi: string; readonly destination: string }[];
  };
  return book.entries.findLast(({ destination }) => destination === number)?.imsi;
}

function resultOf({ db }: RunningScheduler): DemoResult {
  const count = (sql: string): number => db.sql(sql).pluck().get() as number;
  return {
    messages: count("select count(*) from occurrence where state <> 'skipped'"),
    delivered: count("select count(*) from occurrence where state = 'delivered'"),
    paidCases: count("select count(*) from dunning_case where settled_as = 'paid'"),
  };
}
