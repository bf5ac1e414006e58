/** What each person does in the year: when they are billed, whether and how they pay, what they write back. */
import type { HoldKind } from "#scheduler/ledger/types.ts";
import type { Random } from "#shared/random.ts";
import type { Bill, Person, Word } from "./book.ts";
import type { Office } from "./office.ts";
import { type Behaviour, numberOf, PLACES, type Place, placeOf } from "./people.ts";
import { DAY_MS, HOUR_MS, type YearWorld } from "./world.ts";

/** Bills come in the first part of the year, so that their ladders end in it. */
const BILLED_SHARE = 0.6;

interface Life {
  readonly year: YearWorld;
  readonly office: Office;
  readonly random: Random;
  readonly person: Person;
  readonly index: number;
  readonly bookedMs: number;
  /** Some time in the sixty days after the first due date. */
  readonly later: number;
  /** A time up to so many days after another. */
  readonly after: (ms: number, days: number) => number;
  /** Writes a text to us from the number of now. */
  readonly write: (ms: number, text: string, word: Word) => void;
}

export function planLife(
  year: YearWorld,
  office: Office,
  random: Random,
  days: number,
  person: Person,
  index: number,
): void {
  const bookedMs = random.int(0, Math.floor(days * BILLED_SHARE)) * DAY_MS + random.int(0, DAY_MS - 1);
  const after = (ms: number, most: number): number =>
    ms + random.int(1, most) * DAY_MS + random.int(0, DAY_MS - 1);
  const dueDays = random.int(3, 30);
  const life: Life = {
    year,
    office,
    random,
    person,
    index,
    bookedMs,
    later: after(bookedMs + dueDays * DAY_MS, 60),
    after,
    write: (ms, text, word) => year.at(ms, "world", () => year.hear(person, text, word)),
  };
  billAll(life, dueDays);
  LIVES[person.behaviour as Behaviour](life, dueDays);
}

function billAll({ year, office, random, person, bookedMs, after }: Life, dueDays: number): void {
  const amount = (): bigint => BigInt(random.int(5_001, 900_000));
  const bill = (ms: number, due: number, currency = "EUR"): void => {
    const principal = amount();
    year.at(ms, "office", () => office.bill(person, due, principal, currency));
  };
  bill(bookedMs, person.behaviour === "old-debt" ? -random.int(30, 400) : dueDays);
  if (person.behaviour === "two-currencies") bill(after(bookedMs, 10), random.int(1, 20), "USD");
  if (person.behaviour === "several" || person.behaviour === "shares")
    for (const days of [5, 30]) bill(after(bookedMs, days), random.int(1, 30));
}

type Plan = (life: Life, dueDays: number) => void;

/** All of one bill, or nothing when it does not exist (yet). */
function payBill({ year, office, person }: Life, ms: number, part?: bigint, which = 0): void {
  year.at(ms, "office", async () => {
    const bill = person.bills[which];
    if (bill !== undefined)
      await office.pay(person, bill, part === undefined ? undefined : bill.principal / part);
  });
}

function payEverything({ year, office, person }: Life, ms: number, extra = 0n): void {
  year.at(ms, "office", () => office.payAll(person, "EUR", extra));
}

function withBill(
  { year, person }: Life,
  ms: number,
  run: (bill: Bill) => Promise<unknown> | undefined,
): void {
  year.at(ms, "office", async () => {
    const [bill] = person.bills;
    if (bill !== undefined) await run(bill);
  });
}

const silent: Plan = ({ random, write, later }) => {
  if (random.float() < 0.5) write(later, "I will pay on Friday", "talk");
};

const bounces: Plan = (life) => {
  const { office, person, year, later, after } = life;
  withBill(life, later, async (bill) => {
    const paid = await office.pay(person, bill);
    if (paid !== undefined)
      year.at(after(year.clock.monotonic(), 20), "office", () => office.bounce(bill, paid));
  });
};

const onHold: Plan = ({ year, office, random, person, later, after }) => {
  const kinds: readonly HoldKind[] = ["dispute", "vulnerable", "manual"];
  const kind = kinds[random.int(0, kinds.length - 1)] as HoldKind;
  const scope = random.int(0, 2);
  const days = random.int(3, 40);
  const open = random.float() < 0.4;
  const endAt = after(later, days);
  year.at(later, "office", async () => {
    const bill = scope === 2 ? person.bills[0] : undefined;
    const until = new Date(year.clock.now() + days * DAY_MS).toISOString().slice(0, 10);
    const end = await office.hold(
      person,
      {
        kind,
        ...(scope === 1 ? { currency: "EUR" } : {}),
        ...(bill === undefined ? {} : { receivable: bill.id }),
        ...(open ? {} : { until }),
      },
      bill,
    );
    if (open) year.at(endAt, "office", end);
  });
};

/** Promises everything; in so many days. */
function givesWord({ year, office, random, person, later }: Life): number {
  const days = random.int(2, 20);
  year.at(later, "office", () => office.promise(person, days));
  return days;
}

function newPlace(random: Random): Place {
  return PLACES[random.int(0, PLACES.length - 1)] as Place;
}

const LIVES: Readonly<Record<Behaviour, Plan>> = {
  "on-time": (life, dueDays) => payEverything(life, life.bookedMs + life.random.int(1, dueDays) * DAY_MS),
  late: (life) => payEverything(life, life.later),
  "in-parts": (life) => {
    payBill(life, life.later, 3n);
    payEverything(life, life.after(life.later, 40));
  },
  "over-pays": (life) => payEverything(life, life.later, 5_000n),
  bounces,
  credited: (life) => {
    const { office, person, later, random } = life;
    const part = random.float() < 0.5 ? 2n : 1n;
    withBill(life, later, (bill) => office.credit(person, bill, bill.principal / part));
  },
  silent,
  stops: ({ random, write, later, after }) => {
    write(later, random.float() < 0.5 ? "STOP" : "Stop, please", "stop");
    if (random.float() < 0.3) write(after(later, 10), "stop", "stop");
  },
  "stops-and-returns": ({ write, later, after }) => {
    write(later, "STOP", "stop");
    write(after(later, 15), "START", "start");
  },
  wrong: ({ write, later }) => write(later, "wrong number", "wrong"),
  chats: ({ random, write, later, after }) => {
    for (let at = later, n = 0; n < 5; n++, at = after(at, 10))
      write(at, ["HELP", "who is this?", "Ok gracias", "¿?"][random.int(0, 3)] ?? "", "talk");
  },
  "disputes-one": (life) => {
    const { office, person, later, after } = life;
    withBill(life, later, (bill) => office.dispute(person, bill, true));
    withBill(life, after(later, 30), (bill) => office.dispute(person, bill, false));
  },
  "on-hold": onHold,
  "held-for-good": ({ year, office, random, person, later }) => {
    const kind = random.float() < 0.5 ? "legal" : "insolvency";
    year.at(later, "office", async () => {
      await office.hold(person, { kind });
    });
  },
  dead: () => {},
  moves: ({ year, office, random, person, later, after }) => {
    for (const ms of [later, after(later, 40)]) {
      const { place, zones } = newPlace(random);
      const zone = random.float() < 0.4 ? zones[random.int(0, zones.length - 1)] : undefined;
      year.at(ms, "office", () => office.move(person, place, zone));
    }
  },
  "new-number": ({ year, office, person, later, index }) => {
    const home = placeOf(person.homes[0]?.place ?? "");
    const number = numberOf(home, index + 200_000);
    year.at(later, "office", () => office.newNumber(person, number, home.place));
  },
  several: (life) => {
    if (life.random.float() < 0.5) payBill(life, life.later, undefined, life.random.int(0, 2));
    if (life.random.float() < 0.5) payEverything(life, life.after(life.later, 60));
  },
  "two-currencies": (life) => {
    if (life.random.float() < 0.5) payEverything(life, life.later);
  },
  shares: (life) => {
    if (life.random.float() < 0.5) payEverything(life, life.later);
  },
  redated: (life) => {
    const { office, person, later, after, random } = life;
    const days = random.int(-5, 30);
    withBill(life, later, (bill) => office.redate(person, bill, days));
    if (random.float() < 0.5) payEverything(life, after(later, 60));
  },
  withdrawn: (life) => {
    const how = life.random.float() < 0.5 ? "cancelled" : "absent";
    withBill(life, life.later, (bill) => life.office.withdraw(bill, how, life.person));
  },
  "written-off": (life) => withBill(life, life.later, (bill) => life.office.writeOff(life.person, bill)),
  "keeps-word": (life) => {
    const days = givesWord(life);
    payEverything(life, life.later + life.random.int(0, days) * DAY_MS);
  },
  "breaks-word": (life) => {
    const days = givesWord(life);
    if (life.random.float() < 0.5) payEverything(life, life.after(life.later + days * DAY_MS, 40));
  },
  "old-debt": (life) => {
    if (life.random.float() < 0.5) payEverything(life, life.later + HOUR_MS);
  },
};
