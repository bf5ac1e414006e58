/** The debtors of a simulated year: where they live, what they owe, and how they behave. */
import type { Random } from "#shared/random.ts";
import { changeAt, invoice, pay } from "./small-ledger.ts";
import { type Behaviour, DAY_MS, type Debtor, HOUR_MS, type YearWorld } from "./year-world.ts";

const BEHAVIOURS: readonly Behaviour[] = [
  "on-time",
  "late",
  "late",
  "in-parts",
  "silent",
  "silent",
  "stops",
  "disputes",
  "dead",
  "wrong",
];

const PLACES = [
  { jurisdiction: "ES", language: "es", prefix: "+346001" },
  { jurisdiction: "DE", language: "de", prefix: "+491511" },
  { jurisdiction: "FR", language: "fr", prefix: "+336121" },
  { jurisdiction: "CO", language: "es", prefix: "+573001" },
  { jurisdiction: "GB", language: "en", prefix: "+447400" },
] as const;

export function planDebtor(year: YearWorld, random: Random, days: number, index: number): void {
  const place = PLACES[random.int(0, PLACES.length - 1)] as (typeof PLACES)[number];
  const behaviour = BEHAVIOURS[index % BEHAVIOURS.length] as Behaviour;
  const number = `${place.prefix}${String(100_000 + index)}`;
  const debtor: Debtor = {
    name: `d${index}`,
    number,
    jurisdiction: place.jurisdiction,
    behaviour,
    principal: BigInt(random.int(5_001, 900_000)),
  };
  year.debtors.push(debtor);
  const bookedMs = random.int(0, Math.floor(days * 0.6)) * DAY_MS + random.int(0, 12) * HOUR_MS;
  const dueDays = random.int(3, 30);
  year.at(bookedMs, async () => {
    const now = year.clock.now();
    const dueDate = new Date(now + dueDays * DAY_MS).toISOString().slice(0, 10);
    const debt = { ...debtor, dueDate, language: place.language, segment: String(index) };
    await invoice(year.life, year.books(), debt, now);
    debtor.invoicedAt = now;
  });
  behave(year, random, debtor, bookedMs, dueDays);
}

function behave(year: YearWorld, random: Random, debtor: Debtor, bookedMs: number, dueDays: number): void {
  const dueMs = bookedMs + dueDays * DAY_MS;
  const later = dueMs + random.int(1, 60) * DAY_MS + random.int(0, 23) * HOUR_MS + random.int(0, 3_599_999);
  const payAll = (at: number): void =>
    year.at(at, async () => {
      await pay(year.life, year.books(), debtor.name, debtor.principal, year.clock.now());
      debtor.paidAt = year.clock.now();
    });
  switch (debtor.behaviour) {
    case "on-time":
      payAll(bookedMs + random.int(1, dueDays) * DAY_MS);
      break;
    case "late":
      payAll(later);
      break;
    case "in-parts":
      year.at(later, async () => {
        const part = debtor.principal / 3n;
        await pay(year.life, year.books(), debtor.name, part, year.clock.now());
        debtor.principal -= part;
        debtor.partAt = year.clock.now();
      });
      payAll(later + random.int(1, 40) * DAY_MS);
      break;
    case "stops":
    case "wrong":
      year.at(later, () => {
        const text =
          debtor.behaviour === "wrong" ? "wrong number" : random.float() < 0.5 ? "STOP" : "Stop, please";
        year.model.inbound(debtor.number, text);
      });
      break;
    case "disputes":
      year.at(later, () => hold(year, debtor));
      break;
    case "dead":
      break;
    case "silent":
      if (random.float() < 0.5)
        year.at(later, () => year.model.inbound(debtor.number, "I will pay on Friday"));
  }
}

async function hold(year: YearWorld, debtor: Debtor): Promise<void> {
  const now = year.clock.now();
  const until = new Date(now + 20 * DAY_MS).toISOString().slice(0, 10);
  await year.life.ledger.placeHold(
    year.books().id,
    { kind: "dispute", debtor: debtor.name, until, reason: "the amount is contested" },
    changeAt(now),
  );
  debtor.heldFrom = now;
  debtor.heldUntil = Date.parse(until);
}
