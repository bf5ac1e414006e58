/**
 * The main job, watched: two hundred debtors of a water company in four countries, a month in a few
 * minutes. Speaks to the gateway and to the simulator's control address over HTTP only.
 */
import { SchedulerSettings } from "#scheduler/config.ts";
import { createGuardedReader } from "#scheduler/import/guarded-reader.ts";
import { type RunningScheduler, startScheduler } from "#scheduler/main.ts";
import { forecastPortfolio } from "#scheduler/reports/portfolio.ts";
import { scaledTime } from "#scheduler/run/gateway-time.ts";
import { type Clock, createClock, systemClock } from "#shared/clock.ts";
import { createIds } from "#shared/ids.ts";
import { createZones } from "#shared/local-date.ts";
import { createLogger, type Logger } from "#shared/logger.ts";
import { systemRandom } from "#shared/random.ts";
import { DEMO_START, loadInvoices, readInvoices, readStory, recordPayment, type StoryEvent } from "./load.ts";
import { type DemoScreen, drawTable } from "./table.ts";

/** A day takes twelve seconds. */
export const DEMO_SPEED = 7_200;
/** From here on nothing new happens. */
export const DEMO_DAYS = 45;
const DAY_MS = 86_400_000;
const DRAW_EVERY_MS = 1_000;
/** Where nobody watches, a table every half day is enough. */
const DRAW_EVERY_MS_QUIET = 6_000;
const PRICE = "0.06";

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
  readonly speed?: number;
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
  const speed = options.speed ?? DEMO_SPEED;
  const clock = createClock(speed, DEMO_START);
  const scheduler = await startScheduler(settingsOf(options, speed), {
    clock,
    wireClock: systemClock,
    gatewayTime: scaledTime(clock, systemClock, speed),
    log: options.log ?? createLogger({ level: "warn", name: "scheduler" }),
  });
  try {
    const { text } = await scheduler.createKey("demo", ["admin"]);
    options.screen.write(`\n  scheduler  ${scheduler.address}\n  key        ${text}\n\n`);
    await play(options, scheduler, clock);
    return resultOf(scheduler);
  } finally {
    await scheduler.stop();
  }
}

/** Times that are short for people are too short when a day takes seconds. */
function settingsOf(options: DemoOptions, speed: number): SchedulerSettings {
  const perSecond = speed / 1_000;
  return SchedulerSettings.parse({
    dataDir: options.dataDir,
    http: { port: options.port ?? 0 },
    // A simulated modem sends about one segment a second of the world.
    gateway: {
      url: options.gatewayUrl,
      key: options.gatewayKey,
      segmentsPerMinute: 60 / speed < 0.1 ? 0.1 : 60 / speed,
    },
    cost: { segment: PRICE, currency: "EUR" },
    run: {
      tickSeconds: Math.min(3_600, 200 * perSecond),
      pollSeconds: Math.min(86_400, 3_000 * perSecond),
      handOverMinutes: 240,
      submitWithinMinutes: 600,
    },
  });
}

async function play(options: DemoOptions, scheduler: RunningScheduler, clock: Clock): Promise<void> {
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
  const tomorrow = createTomorrow(scheduler, clock);
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
      drawTable(screen, scheduler.db, clock.now(), tomorrow.latest());
    }
    await systemClock.sleep(DRAW_EVERY_MS / 4, signal);
  }
  drawTable(screen, scheduler.db, clock.now(), tomorrow.latest());
}

/** The forecast of two days, worked out again whenever the last one is done. */
function createTomorrow(scheduler: RunningScheduler, clock: Clock) {
  let latest: Awaited<ReturnType<typeof forecastPortfolio>>;
  let working = false;
  const zones = createZones();
  const work = async (): Promise<void> => {
    const { db, brain } = scheduler;
    latest = await forecastPortfolio(
      { db, brain, zones },
      { days: 2, now: clock.now(), segmentPriceMicro: 60_000 },
    );
  };
  return {
    latest: () => {
      if (!working) {
        working = true;
        const done = (): void => {
          working = false;
        };
        work().then(done, done);
      }
      return latest;
    },
  };
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

async function call(url: string, method: "GET" | "POST" | "PUT", body?: unknown): Promise<unknown> {
  const answer = await fetch(url, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}: ${await answer.text()}`);
  return answer.status === 204 ? undefined : await answer.json();
}

function resultOf({ db }: RunningScheduler): DemoResult {
  const count = (sql: string): number => db.sql(sql).pluck().get() as number;
  return {
    messages: count("select count(*) from occurrence where state <> 'skipped'"),
    delivered: count("select count(*) from occurrence where state = 'delivered'"),
    paidCases: count("select count(*) from dunning_case where settled_as = 'paid'"),
  };
}
