/** What the law keeps back: hours, caps, channels, fees, notices, and countries that nobody wrote down. */

import { describe, expect, test } from "vitest";
import { decide } from "#scheduler/decide/decide.ts";
import { createHolidayBook } from "#scheduler/policy/holidays/book.ts";
import { createLawBook } from "#scheduler/policy/law/pack.ts";
import { shippedPacks } from "#scheduler/policy/law/read.ts";
import { readyPolicy } from "#scheduler/policy/ready.ts";
import { createCatalogue } from "#scheduler/policy/templates/types.ts";
import { factsOf, packOf } from "./facts.ts";
import { catalogue, preset, zones } from "./law.ts";
import {
  at,
  contact,
  DUE,
  iso,
  judge,
  ladder,
  messageOf,
  open,
  promise,
  type Row,
  run,
} from "./situations.ts";

const ROWS: readonly Row[] = [
  {
    name: "an open promise rests the ladder",
    facts: { ...open, promises: [promise({})] },
    now: "2026-03-16T09:00:00Z",
    kind: "wait",
    rule: "promise.open",
    until: "2026-03-21T23:00:00.000Z",
  },
  {
    name: "a promise past its date and grace is broken",
    facts: { ...open, promises: [promise({})] },
    now: "2026-03-22T09:00:00Z",
    kind: "hold",
    rule: "promise.broken",
  },
  {
    name: "after a broken promise the ladder goes on",
    facts: { ...open, promises: [promise({ state: "broken" })] },
    now: "2026-03-23T09:00:00Z",
    kind: "send",
    rule: "step.second",
    step: "second",
  },
  {
    name: "a text to another case of the debtor today is enough",
    facts: { ...open, contacts: [contact("2026-03-07T08:00:00Z", { class: "thanks" })] },
    now: "2026-03-07T09:00:00Z",
    kind: "wait",
    rule: "house.hours",
    until: "2026-03-09T07:00:00.000Z",
    step: "early",
  },
  {
    name: "the minimum interval counts days, not hours",
    facts: { ...open, contacts: [contact("2026-03-05T18:00:00Z")] },
    now: "2026-03-07T09:00:00Z",
    kind: "wait",
    rule: "house.hours",
    until: "2026-03-09T07:00:00.000Z",
    step: "early",
  },
  {
    name: "in Colombia a number must be authorised",
    facts: {
      ...factsOf({ items: [{ dueDate: DUE }], jurisdiction: "CO", zones: ["America/Bogota"] }),
      contactPoints: open.contactPoints.map((point) => ({
        ...point,
        consent: { state: "unknown" as const },
      })),
    },
    now: "2026-03-09T15:00:00Z",
    kind: "hold",
    rule: "co.ley-2300.authorised-channels",
  },
  {
    name: "in Colombia a second channel waits a week",
    facts: {
      ...factsOf({ items: [{ dueDate: DUE }], jurisdiction: "CO", zones: ["America/Bogota"] }),
      contacts: [contact("2026-03-04T15:00:00Z", { channel: "phone" })],
    },
    now: "2026-03-09T15:00:00Z",
    kind: "wait",
    rule: "co.ley-2300.one-channel",
    until: "2026-03-11T15:00:00.000Z",
    step: "early",
  },
  {
    name: "in Chile two days lie between two texts",
    facts: {
      ...factsOf({ items: [{ dueDate: DUE }], jurisdiction: "CL", zones: ["America/Santiago"] }),
      contacts: [contact("2026-03-08T18:00:00Z", { class: "service" })],
    },
    now: "2026-03-09T15:00:00Z",
    kind: "wait",
    rule: "cl.ley-21320.spacing",
    until: "2026-03-10T18:00:00.000Z",
    step: "early",
  },
  {
    name: "a country without law on file",
    facts: factsOf({ items: [{ dueDate: DUE }], jurisdiction: "BR", zones: ["America/Sao_Paulo"] }),
    now: "2026-03-09T15:00:00Z",
    kind: "hold",
    rule: "law.no-pack",
  },
  {
    name: "a year without holidays on file",
    facts: factsOf({ items: [{ dueDate: "2031-03-03", firstSeenAt: at("2031-01-01T00:00:00Z") }] }),
    now: "2031-03-10T15:00:00Z",
    kind: "hold",
    rule: "holidays.missing-year",
  },
  {
    name: "fees above the cap of the law",
    facts: {
      ...factsOf({
        items: [{ dueDate: DUE, open: 15_000n, fees: 10_100n, currency: "DKK" }],
        jurisdiction: "DK",
        currency: "DKK",
        zones: ["Europe/Copenhagen"],
      }),
    },
    now: "2026-03-09T15:00:00Z",
    kind: "hold",
    rule: "dk.reminder-fee",
  },
];

test.each(ROWS)("$name", judge);

describe("law", () => {
  test("a rule holds from its day on", () => {
    const pack = {
      format: 1 as const,
      jurisdiction: "ES",
      title: "Spain",
      reviewed: "2026-01-01",
      members: [],
      rule: [
        {
          id: "es.test.hours",
          kind: "contact-hours" as const,
          source: "made for the test",
          verified: false,
          from: "2026-03-10",
          hours: { "mon-sun": "12:00-14:00" },
          holidays: "open" as const,
        },
      ],
    };
    const others = shippedPacks().filter(({ jurisdiction }) => jurisdiction !== "ES");
    const years = createHolidayBook([], [{ jurisdiction: "ES", year: 2026 }]);
    const law = createLawBook([...others, pack], years, zones).packFor({
      jurisdictions: ["ES"],
      role: "creditor",
      debtor: "consumer",
    });
    expect(decide(ladder, law, open, at("2026-03-07T08:00:00Z")).kind).toBe("send");
    const later = decide(ladder, law, open, at("2026-03-16T08:00:00Z"));
    expect([later.kind, later.rule, iso(later)]).toEqual([
      "wait",
      "es.test.hours",
      "2026-03-16T11:00:00.000Z",
    ]);
  });

  test("a collector's text in the United States carries both notices", () => {
    const facts = factsOf({
      items: [{ dueDate: DUE, currency: "USD" }],
      role: "collector",
      jurisdiction: "US-MA",
      currency: "USD",
      zones: ["America/New_York"],
    });
    const message = messageOf(run(facts, "2026-03-09T15:00:00Z", preset("collection-agency")));
    expect(message.notices.map(({ kind }) => kind)).toEqual(["opt-out", "collector"]);
  });

  test("a text that asks why is refused where nobody may ask", () => {
    const asking = createCatalogue(
      ["es", "en"].map((language) => ({
        key: "utility.early",
        language,
        version: 2,
        text: "Why?",
        state: "approved" as const,
        asksReason: true,
        transliterate: true,
      })),
    );
    const policy = readyPolicy(ladder.document, asking);
    const facts = factsOf({ items: [{ dueDate: DUE }], jurisdiction: "CO", zones: ["America/Bogota"] });
    expect(decide(policy, packOf(facts), facts, at("2026-03-09T15:00:00Z")).rule).toBe(
      "co.ley-2300.never-ask-why",
    );
    expect(catalogue.find("utility.early", "pt-BR")?.language).toBe("pt");
  });
});
