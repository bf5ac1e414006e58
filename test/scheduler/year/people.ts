/** Who lives in a simulated year, where, and what they were billed. What they do about it is in `lives.ts`. */
import type { LedgerInput } from "#scheduler/ledger/ledger.ts";
import type { Random } from "#shared/random.ts";
import { type Bill, inside, type Order, type Person } from "./book.ts";

export interface Place {
  readonly place: string;
  readonly language: string;
  /** Before the digits of a mobile number. */
  readonly prefix: string;
  readonly digits: number;
  /** Some of the debtors there state one of these. */
  readonly zones: readonly string[];
}

export const PLACES: readonly Place[] = [
  { place: "ES", language: "es", prefix: "+34600", digits: 6, zones: ["Atlantic/Canary", "Europe/Madrid"] },
  { place: "DE", language: "de", prefix: "+49151", digits: 8, zones: ["Europe/Berlin"] },
  { place: "FR", language: "fr", prefix: "+336", digits: 8, zones: ["Europe/Paris"] },
  { place: "GB", language: "en", prefix: "+447400", digits: 6, zones: ["Europe/London"] },
  { place: "CO", language: "es", prefix: "+57300", digits: 7, zones: ["America/Bogota"] },
  { place: "CL", language: "es", prefix: "+569", digits: 8, zones: ["America/Santiago", "Pacific/Easter"] },
  { place: "PE", language: "es", prefix: "+519", digits: 8, zones: ["America/Lima"] },
  { place: "MX", language: "es", prefix: "+5255", digits: 8, zones: ["America/Tijuana", "America/Cancun"] },
  { place: "IN", language: "en", prefix: "+9198", digits: 8, zones: ["Asia/Kolkata"] },
  { place: "AU", language: "en", prefix: "+614", digits: 8, zones: ["Australia/Perth", "Australia/Sydney"] },
];

export const BEHAVIOURS = [
  "on-time",
  "late",
  "late",
  "in-parts",
  "over-pays",
  "bounces",
  "credited",
  "silent",
  "silent",
  "silent",
  "stops",
  "stops-and-returns",
  "wrong",
  "chats",
  "disputes-one",
  "on-hold",
  "on-hold",
  "held-for-good",
  "dead",
  "moves",
  "moves",
  "new-number",
  "several",
  "several",
  "two-currencies",
  "shares",
  "redated",
  "withdrawn",
  "written-off",
  "old-debt",
  "keeps-word",
  "breaks-word",
] as const;

export type Behaviour = (typeof BEHAVIOURS)[number];

const ODD_ONES = 300;
/** Two of three after those. */
const ORDINARY: readonly Behaviour[] = ["on-time", "late"];

/** The policy of who collects for others. */
export const AGENCY = "4";
/** Names of policies, see `rules.ts`; few are under the pushy one, which makes a third of the texts. */
const SHIPPED = ["0", "0", "0", "1", "1", "1", "2", "2", AGENCY];
const PUSHY = "3";
const PUSHY_SHARE = 1 / 18;
const NOBODY: Order = 0;

export function numberOf(place: Place, index: number): string {
  return `${place.prefix}${4 * 10 ** (place.digits - 1) + index}`;
}

/** Everybody is odd in some way until each oddity is there several times; then, as in life, most are ordinary. */
function behaviourOf(index: number): Behaviour {
  if (index < ODD_ONES) return BEHAVIOURS[index % BEHAVIOURS.length] as Behaviour;
  const [round, place] = [Math.floor(index / 3), index % 3];
  return ORDINARY[place] ?? (BEHAVIOURS[round % BEHAVIOURS.length] as Behaviour);
}

/** @param before who shares their number with the one after them */
export function makePerson(random: Random, index: number, before: Person | undefined): Person {
  const behaviour = behaviourOf(index);
  const shares = behaviour === "shares" && before !== undefined;
  const drawn = PLACES[random.int(0, PLACES.length - 1)] as Place;
  const place = shares ? placeOf(before.homes[0]?.place ?? "") : drawn;
  const states = random.float() < 0.4;
  const zone = place.zones[random.int(0, place.zones.length - 1)];
  const number = shares ? (before.lines[0]?.number ?? "") : numberOf(place, index);
  return {
    name: `d${index}`,
    language: place.language,
    segment: random.float() < PUSHY_SHARE ? PUSHY : (SHIPPED[random.int(0, SHIPPED.length - 1)] ?? "0"),
    behaviour,
    homes: [{ from: NOBODY, place: place.place, ...(states && zone !== undefined ? { zone } : {}) }],
    lines: [{ from: NOBODY, number, country: place.place }],
    bills: [],
    held: [],
    promises: [],
  };
}

export function placeOf(name: string): Place {
  const found = PLACES.find(({ place }) => place === name);
  if (found === undefined) throw new RangeError(`nobody lives in ${name}`);
  return found;
}

/** What the creditor's own system says of this person now, as it would send it again and again. */
export function inputsOf(person: Person, now: Order): LedgerInput[] {
  const home = person.homes.at(-1);
  const line = person.lines.at(-1);
  if (home === undefined || line === undefined) throw new Error(`${person.name} lives nowhere`);
  const debtor: LedgerInput = {
    what: "debtor",
    contacts: "replace",
    input: {
      externalId: person.name,
      name: person.name,
      kind: "consumer",
      segment: person.segment,
      language: person.language,
      jurisdiction: home.place,
      timeZone: home.zone ?? null,
      contactPoints: [
        {
          channel: "sms",
          number: line.number,
          country: line.country,
          consent: { state: "given", source: "contract" },
        },
      ],
    },
  };
  const bills = person.bills.filter((bill) => bill.goneAt === undefined);
  return [debtor, ...bills.map((bill) => billInput(person, bill, now))];
}

export function billInput(person: Person, bill: Bill, now: Order): LedgerInput {
  return {
    what: "receivable",
    input: {
      externalId: bill.id,
      debtor: person.name,
      currency: bill.currency,
      principal: bill.principal,
      issueDate: bill.issued,
      dueDate: bill.dues.at(-1)?.date ?? "",
      disputed: inside(bill.disputed, now),
    },
  };
}
