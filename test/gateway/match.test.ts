/** Which attempt a report speaks of. */
import { describe, expect, test } from "vitest";
import { type Candidate, type InFlight, matchReport, type ReportFacts } from "#gateway/reports/match.ts";
import { reportVerdict } from "#gateway/reports/verdict.ts";
import { statusCategory } from "#hardware/pdu/status.ts";

const NOW = 10_000_000;
const ANNA = "+491701234567";
const BERT = "+491709999999";
const REPORT: ReportFacts = {
  messageReference: 7,
  recipient: ANNA,
  stamp: "42100221211280",
  completed: true,
  receivedAt: NOW,
};

interface Named extends Candidate {
  readonly name: string;
}

function attempt(name: string, facts: Partial<Candidate> = {}): Named {
  return {
    name,
    recipient: ANNA,
    startedAt: NOW - 1_000,
    latestAt: NOW + 1_000_000,
    messageReference: 7,
    expectedReference: null,
    stamps: [],
    final: undefined,
    ...facts,
  };
}

interface Row {
  readonly name: string;
  readonly report?: Partial<ReportFacts>;
  readonly candidates: readonly Named[];
  readonly inFlight?: InFlight;
  readonly kind: "match" | "repeat" | "wait";
  readonly candidate?: string;
}

const UNANSWERED = { messageReference: null } as const;
const ROWS: readonly Row[] = [
  { name: "the only one", candidates: [attempt("a")], kind: "match", candidate: "a" },
  { name: "nothing was sent", candidates: [], kind: "wait" },
  { name: "another recipient", candidates: [attempt("b", { recipient: BERT })], kind: "wait" },
  {
    name: "the recipient in national form",
    report: { recipient: "01701234567" },
    candidates: [attempt("a")],
    kind: "match",
    candidate: "a",
  },
  {
    name: "the recipient without its plus",
    report: { recipient: "491701234567" },
    candidates: [attempt("a")],
    kind: "match",
    candidate: "a",
  },
  {
    name: "the reference came round: the newest without a report",
    candidates: [attempt("new"), attempt("old", { startedAt: NOW - 500_000 })],
    kind: "match",
    candidate: "new",
  },
  {
    name: "the newest has its report: the older one",
    candidates: [
      attempt("new", { stamps: ["x"], final: "arrived" }),
      attempt("old", { startedAt: NOW - 9_000 }),
    ],
    kind: "match",
    candidate: "old",
  },
  {
    name: "a second copy of a report is known by the service centre's stamp, not given to an older attempt",
    candidates: [
      attempt("new", { stamps: [REPORT.stamp], final: "arrived" }),
      attempt("old", { startedAt: NOW - 9_000 }),
    ],
    kind: "repeat",
    candidate: "new",
  },
  {
    name: "the final report after one that said still trying, though a newer attempt has the reference",
    candidates: [attempt("new"), attempt("old", { startedAt: NOW - 9_000, stamps: [REPORT.stamp] })],
    kind: "match",
    candidate: "old",
  },
  {
    name: "delivered after lost is the truth",
    candidates: [attempt("a", { stamps: [REPORT.stamp], final: "lost" })],
    kind: "match",
    candidate: "a",
  },
  {
    name: "lost after delivered is an old copy",
    report: { completed: false },
    candidates: [attempt("a", { stamps: [REPORT.stamp], final: "arrived" })],
    kind: "repeat",
    candidate: "a",
  },
  { name: "too late to mean this one", candidates: [attempt("a", { latestAt: NOW - 1 })], kind: "wait" },
  { name: "sent after the report came", candidates: [attempt("a", { startedAt: NOW + 1 })], kind: "wait" },
  {
    name: "the modem has a segment for this recipient, and its reference is not known yet",
    candidates: [attempt("old")],
    inFlight: { recipient: ANNA, expectedReference: undefined },
    kind: "wait",
  },
  {
    name: "the same, and the reference to come is another one",
    candidates: [attempt("old")],
    inFlight: { recipient: ANNA, expectedReference: 8 },
    kind: "match",
    candidate: "old",
  },
  {
    name: "what the modem has goes to somebody else",
    candidates: [attempt("old")],
    inFlight: { recipient: BERT, expectedReference: undefined },
    kind: "match",
    candidate: "old",
  },
  {
    name: "no answer came, and the reference is the one that was due",
    candidates: [attempt("u", { ...UNANSWERED, expectedReference: 7 })],
    kind: "match",
    candidate: "u",
  },
  {
    name: "no answer came, and the reference is not the one that was due",
    candidates: [attempt("u", { ...UNANSWERED, expectedReference: 6 })],
    kind: "wait",
  },
  ...[0, 1].map((messageReference) => ({
    name: `no answer came, and the modem may have begun to count anew from ${messageReference}`,
    report: { messageReference },
    candidates: [attempt("u", { ...UNANSWERED, expectedReference: 6 })],
    kind: "match" as const,
    candidate: "u",
  })),
  {
    name: "no answer came, and 2 is no reference from which modems begin",
    report: { messageReference: 2 },
    candidates: [attempt("u", { ...UNANSWERED, expectedReference: 6 })],
    kind: "wait",
  },
  {
    name: "no answer came, no reference was due, and it is the only one to this recipient",
    candidates: [attempt("u", UNANSWERED), attempt("b", { ...UNANSWERED, recipient: BERT })],
    kind: "match",
    candidate: "u",
  },
  {
    name: "no answer came twice: no guess is made",
    candidates: [attempt("u", UNANSWERED), attempt("v", { ...UNANSWERED, startedAt: NOW - 5_000 })],
    kind: "wait",
  },
  {
    name: "a named attempt goes before one without an answer",
    candidates: [attempt("a"), attempt("u", { ...UNANSWERED, expectedReference: 7 })],
    kind: "match",
    candidate: "a",
  },
];

describe("matchReport", () => {
  test.each(ROWS)("$name", ({ report, candidates, inFlight, kind, candidate }) => {
    const named = candidates.filter(({ messageReference }) => messageReference !== null);
    const unnamed = candidates.filter(({ messageReference }) => messageReference === null);
    const match = matchReport({ ...REPORT, ...report }, { named, unnamed: () => unnamed }, inFlight);
    expect(match.kind).toBe(kind);
    if (match.kind !== "wait") expect(match.candidate.name).toBe(candidate);
  });
});

describe("reportVerdict", () => {
  test.each([
    [0x00, "delivered", undefined],
    [0x01, "delivered", undefined],
    [0x21, "submitted", undefined],
    [0x30, "submitted", undefined],
    [0x43, "undelivered", "undeliverable"],
    [0x46, "expired", "validity_expired"],
    [0x62, "undelivered", "undeliverable"],
    [0x80, "undelivered", "undeliverable"],
  ])("TP-ST %i means %s", (status, to, code) => {
    const verdict = reportVerdict(status, statusCategory(status));
    expect(verdict.to).toBe(to);
    expect("code" in verdict ? verdict.code : undefined).toBe(code);
  });
});
