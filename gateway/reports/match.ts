/**
 * Which attempt a status report speaks of. Pure. A report names the message reference, the recipient
 * and the time at which the service centre took the message; the service centre's address and its clock
 * differ from ours in ways that made other gateways drop good reports, so they are not compared with
 * ours. The reference has one octet and wraps (3GPP TS 23.040 9.2.3.6): the newest attempt that still
 * lacks a report is meant.
 */
import { FIRST_REFERENCES } from "#gateway/outbox/references.ts";
import { sameSubscriber } from "#shared/phone-number.ts";

export interface ReportFacts {
  readonly messageReference: number;
  /** TP-RA as it came: international, national or with a prefix. */
  readonly recipient: string;
  /** TP-SCTS as it came. The same in every report about one submit, so only compared with reports. */
  readonly stamp: string;
  /** It says that the message arrived. */
  readonly completed: boolean;
  readonly receivedAt: number;
  /** It comes in this moment: every attempt there is began before it, though the wall clock was put back. */
  readonly isNew?: boolean;
}

/** An attempt of the SIM that the report came to, with the report's reference or with none. */
export interface Candidate {
  readonly recipient: string;
  readonly startedAt: number;
  /** A report that comes later than this means something else. */
  readonly latestAt: number;
  /** Null where the modem did not answer, or did not name it. */
  readonly messageReference: number | null;
  readonly expectedReference: number | null;
  /** TP-SCTS of the reports that it has. */
  readonly stamps: readonly string[];
  /** What its final report said. */
  readonly final: "arrived" | "lost" | undefined;
}

/** The segment that the modem has in this moment. */
export interface InFlight {
  readonly recipient: string;
  readonly expectedReference: number | undefined;
}

export type Match<C extends Candidate> =
  | { readonly kind: "match"; readonly candidate: C }
  /** It says again what is known. */
  | { readonly kind: "repeat"; readonly candidate: C }
  /** Nothing fits: kept, because it may have overtaken the modem's answer. */
  | { readonly kind: "wait" };

/** Newest first in each. */
export interface Candidates<C extends Candidate> {
  /** Attempts with the report's reference. */
  readonly named: readonly C[];
  /** Attempts of which the reference is not known; asked for only when they matter. */
  readonly unnamed: () => readonly C[];
}

export function matchReport<C extends Candidate>(
  report: ReportFacts,
  candidates: Candidates<C>,
  inFlight: InFlight | undefined,
): Match<C> {
  const named = candidates.named.filter((one) => isPossible(report, one));
  const same = named.find(({ stamps }) => stamps.includes(report.stamp));
  if (same !== undefined) return followUp(report, same);
  if (inFlight !== undefined && mayMean(report, inFlight)) return { kind: "wait" };
  // An attempt with a report of another stamp was taken by the service centre at another time.
  const open = named.find(({ stamps }) => stamps.length === 0) ?? byEvidence(report, candidates.unnamed());
  if (open !== undefined) return { kind: "match", candidate: open };
  const [newest] = named;
  return newest === undefined ? { kind: "wait" } : followUp(report, newest);
}

function isPossible(report: ReportFacts, { recipient, startedAt, latestAt }: Candidate): boolean {
  const began = report.isNew === true || startedAt <= report.receivedAt;
  return began && report.receivedAt <= latestAt && sameSubscriber(recipient, report.recipient);
}

/** "Delivered" after "lost" is the truth; the other way round it is an old copy. */
function followUp<C extends Candidate>(report: ReportFacts, candidate: C): Match<C> {
  const news = candidate.final === undefined || (candidate.final === "lost" && report.completed);
  return { kind: news ? "match" : "repeat", candidate };
}

/** An answer that is still to come may bring the very reference that the report names. */
function mayMean(report: ReportFacts, inFlight: InFlight): boolean {
  if (!sameSubscriber(inFlight.recipient, report.recipient)) return false;
  const { expectedReference } = inFlight;
  return expectedReference === undefined || expectedReference === report.messageReference || isFirst(report);
}

function isFirst({ messageReference }: ReportFacts): boolean {
  return FIRST_REFERENCES.includes(messageReference);
}

/**
 * Attempts of which the reference is not known: those without an answer, and those that the modem
 * accepted without naming it. The reference that the SIM had to give next is proof. Without it, only a
 * single candidate counts: guessing between two could call a lost message delivered. A reference that
 * contradicts the expected one speaks of something else, unless the modem may have begun to count anew.
 */
function byEvidence<C extends Candidate>(report: ReportFacts, candidates: readonly C[]): C | undefined {
  const unnamed = candidates.filter((one) => isPossible(report, one));
  const expected = unnamed.find(({ expectedReference }) => expectedReference === report.messageReference);
  if (expected !== undefined) return expected;
  const [sole] = unnamed;
  if (sole === undefined || unnamed.length > 1) return undefined;
  return sole.expectedReference === null || isFirst(report) ? sole : undefined;
}
