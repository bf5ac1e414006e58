/**
 * Every write that is in the way of a message has a name, so that a test can end the process between
 * any two of them: right before it, when all that led to it is done and nothing of it is on disk, and
 * right after its commit, when it is on disk and nobody has been told.
 */
import type { Checkpoint as CheckpointOf } from "#shared/checkpoint.ts";

export const STEPS = [
  /** Messages, segments and the idempotency key of one request. */
  "accept",
  /** What a repeated request was answered. */
  "recall",
  "cancel",
  /** A segment is about to leave: `submitting`. */
  "claim",
  /** What a modem answered. */
  "settle",
  /** Both in one transaction: the end of one segment, the start of the next. */
  "settle-and-claim",
  /** A long message begins anew, under another concatenation reference. */
  "renew",
  /** What waits and can never be sent. */
  "refuse",
  /** What the last run left with a modem. */
  "recover",
  /** What a failed send loop left with a modem. */
  "abandon",
  /** Where a PDU lies on the modem, before it is sent from there. */
  "store",
  /** That the modem's copy is deleted. */
  "tidy",
  /** What was found out about submits without an answer. */
  "evidence",
  /** What a person decided about them. */
  "resolve",
  /** The caller chose a second copy, and nothing better came. */
  "second-copy",
  /** A status report, and what it says of its segment. */
  "report",
  /** A received message or a part of one. */
  "inbound",
  /** Parts whose rest did not come. */
  "inbound-parts",
  /** `notAfter` has passed. */
  "expire",
  /** Reports that did not come. */
  "overdue",
  /** A SIM that is new, or in another modem. */
  "sim",
  "park",
  "release",
  /** A modem's state, told as an event. */
  "modem",
  /** Events that a receiver of webhooks is owed. */
  "owe",
  /** How a post to a receiver went. */
  "mark",
] as const;

export type Step = (typeof STEPS)[number];
export type CheckpointName = `${"before" | "after"}-${Step}`;
export type Checkpoint = CheckpointOf<CheckpointName>;
