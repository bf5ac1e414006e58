/**
 * What the judge looks at: every text that the network took, whom and which bills it names, and what the
 * world knows of them. Of the scheduler's own rows it takes the class, the step, the stage and the anchor of a
 * text, which no reader could see; all else is read from the text and from the world's book.
 */

import { atTime, type Bill, type Home, type Person } from "#test/scheduler/year/book.ts";
import type { Year } from "#test/scheduler/year/year.ts";
import type { Submit } from "#test/support/gateway-answers.ts";
import { PLACE_LAW, type PlaceLaw, POLICY_LIMITS, type PolicyLimits } from "./law.ts";
import { type Wall, wallAt } from "./wall.ts";

export interface Text extends Submit {
  readonly person: Person;
  /** "first" is a collector's first contact: about a debt, but without a word of it. */
  readonly kind: "first" | "debt" | "promise" | "thanks" | "answer";
  readonly stage: string;
  readonly stepId: string;
  readonly anchor: string;
  /** Those that the text names. */
  readonly bills: readonly Bill[];
  /** In minor units, as the text says it; undefined when it names no sum. */
  readonly amount: bigint | undefined;
  readonly home: Home;
  readonly law: PlaceLaw;
  readonly policy: PolicyLimits;
  readonly zones: readonly string[];
  readonly walls: readonly Wall[];
}

export class Verdicts {
  readonly violations: string[] = [];
  /** How often each invariant was looked at: a judge who never looks finds nothing. */
  readonly looked = new Map<number, number>();

  check(invariant: number, holds: boolean, tell: () => string): void {
    this.looked.set(invariant, (this.looked.get(invariant) ?? 0) + 1);
    if (!holds) this.violations.push(`${invariant}: ${tell()}`);
  }
}

interface Row {
  readonly name: string;
  readonly class: string;
  readonly stage: string;
  readonly stepId: string;
  readonly anchor: string;
}

export function readTexts(year: Year): Text[] {
  const byName = new Map(year.people.map((person) => [person.name, person]));
  const rows = year.life.db.sql(
    `select d.external_id as name, o.class, o.stage, o.step_id as stepId,
       o.case_id || ' ' || o.anchor_kind || ' ' || o.anchor_id || ' ' || o.anchor_sequence as anchor
     from occurrence o join debtor d on d.id = o.debtor_id where o.key = ?`,
  );
  return year.model.ledger.map((submit) => {
    const row = rows.get(submit.reference) as Row | undefined;
    const person = byName.get(row?.name ?? "");
    if (row === undefined || person === undefined)
      throw new Error(`nobody knows the text ${submit.reference}`);
    return textOf(submit, row, person);
  });
}

/** Of texts that name no bill. */
const SILENT_KINDS: Readonly<Record<string, Text["kind"]>> = {
  thanks: "thanks",
  formal: "first",
  promise: "promise",
};

function textOf(submit: Submit, row: Row, person: Person): Text {
  const named = [...new Set(submit.text.match(BILL) ?? [])];
  const bills = named.flatMap((id) => person.bills.filter((bill) => bill.id === id));
  if (bills.length !== named.length)
    throw new Error(`${person.name} was written about bills of others: ${named}`);
  const home = atTime(person.homes, submit.order) as Home;
  const law = PLACE_LAW[home.place] as PlaceLaw;
  const country = atTime(person.lines, submit.order)?.country ?? home.place;
  const abroad = home.zone === undefined && country !== home.place ? (PLACE_LAW[country]?.zones ?? []) : [];
  const zones = home.zone === undefined ? [...law.zones, ...abroad] : [home.zone];
  return {
    ...submit,
    person,
    kind: bills.length > 0 ? "debt" : (SILENT_KINDS[row.class] ?? "answer"),
    stage: row.stage,
    stepId: row.stepId,
    anchor: row.anchor,
    bills,
    amount: amountIn(submit.text),
    home,
    law,
    policy: POLICY_LIMITS[Number(person.segment)] as PolicyLimits,
    zones,
    walls: zones.map((zone) => wallAt(submit.at, zone)),
  };
}

const BILL = /inv-d\d+-\d+/g;
const SUM = String.raw`\d[\d.,' ]*[.,]\d{2}`;
const MONEY = new RegExp(`(?:€|EUR|USD|US\\$|\\$) ?(${SUM})(?!\\d)|(${SUM}) ?(?:€|EUR|USD|US\\$|\\$)`);

function amountIn(text: string): bigint | undefined {
  // The end of a bill's number, a comma and the sum look like one sum.
  const found = MONEY.exec(text.replaceAll(BILL, ""));
  const digits = (found?.[1] ?? found?.[2])?.replace(/\D/g, "");
  return digits === undefined ? undefined : BigInt(digits);
}

export function describe({ person, at, home, text }: Text): string {
  const { name, behaviour, segment } = person;
  const where = home.zone ?? home.place;
  return `${name} (${behaviour}, policy ${segment}, ${where}) at ${new Date(at).toISOString()}: ${text.slice(0, 90)}`;
}
