/**
 * What became of a message, written to the ledger. The gateway's events only say *that* something
 * changed; the message itself is then read from the gateway. So events may come twice, late, in any
 * order or not at all, and the result is the same.
 */
import type { RowId } from "#scheduler/ledger/types.ts";
import type { Move, Occurrences, Pending } from "./occurrences.ts";
import type { Tasks } from "./tasks.ts";
import { type Receipt, type Verdict, verdictOf } from "./verdict.ts";
import type { Reported } from "./witness.ts";

export interface NumberBook {
  /** A delivery proves that the number lives. */
  delivered(contactPointId: RowId, at: number): void;
  /** The network says for good that it does not. True when the number is retired by this. */
  failed(contactPointId: RowId, at: number): boolean;
}

export interface ReceiptsDeps {
  readonly occurrences: Occurrences;
  readonly numbers: NumberBook;
  readonly tasks: Tasks;
  readonly noteSim: (debtorId: RowId, iccid: string, at: number) => void;
}

export interface Receipts {
  /** Inside a transaction. False when the message is none of ours. */
  apply(receipt: Receipt, now: number): boolean;
}

export function createReceipts(deps: ReceiptsDeps): Receipts {
  const { occurrences } = deps;
  return {
    apply(receipt, now) {
      const pending =
        occurrences.pendingByGatewayId(receipt.gatewayId) ??
        (receipt.reference === undefined ? undefined : occurrences.pendingByKey(receipt.reference));
      if (pending === undefined) return false;
      occurrences.noteAsked(pending.id, now);
      const verdict = verdictOf(receipt);
      const moves = movesOf(pending, receipt, verdict, now);
      const moved = moves.filter((move) => occurrences.move(pending.key, move, now));
      // Given up here, and yet it reached the gateway: a request that was overtaken by its own end.
      if (pending.state === "cancelled" && verdict.state === "handed-over")
        occurrences.wantRecall(pending.id, "house.overtaken");
      if (moved.some((move) => move.to === verdict.state)) follow(deps, pending, receipt, verdict, now);
      return true;
    },
  };
}

/**
 * A receipt tells the whole way each time, and each part of it is a move with a time of its own. What is on
 * file is not walked again: a text of which nobody knows the end would go back and forth at every look.
 */
function movesOf(pending: Pending, receipt: Receipt, verdict: Verdict, now: number): Move[] {
  const reported: Reported = {
    state: receipt.state,
    ...(receipt.code === undefined ? {} : { code: receipt.code }),
    ...(receipt.reason === undefined ? {} : { words: receipt.reason }),
    ...(receipt.sim === undefined ? {} : { sim: receipt.sim }),
  };
  const { gatewayId, submittedAt } = receipt;
  const moves: Move[] = [];
  if (pending.gatewayId === undefined)
    moves.push({ to: "handed-over", at: receipt.acceptedAt ?? now, gatewayId, reported });
  if (submittedAt !== undefined && (pending.submittedAt === undefined || verdict.state === "submitted"))
    moves.push({ to: "submitted", at: submittedAt, reported });
  if (verdict.state === "handed-over" || verdict.state === "submitted") return moves;
  moves.push({
    to: verdict.state,
    at: verdict.state === "delivered" ? (receipt.deliveredAt ?? now) : now,
    reported,
    ...(verdict.reason === undefined ? {} : { reason: verdict.reason }),
  });
  return moves;
}

function follow(deps: ReceiptsDeps, pending: Pending, receipt: Receipt, verdict: Verdict, now: number): void {
  if (verdict.state !== "handed-over" && pending.recallRule !== undefined)
    deps.occurrences.wantRecall(pending.id, undefined);
  if (receipt.sim !== undefined) deps.noteSim(pending.debtorId, receipt.sim, now);
  if (pending.contactPointId !== undefined) {
    if (verdict.state === "delivered")
      deps.numbers.delivered(pending.contactPointId, receipt.deliveredAt ?? now);
    const retired = verdict.blamesNumber && deps.numbers.failed(pending.contactPointId, now);
    if (retired)
      deps.tasks.open(
        {
          kind: "dead-number",
          subject: `contact point ${pending.contactPointId}`,
          caseId: pending.caseId,
          debtorId: pending.debtorId,
          detail: `The network refused the number for good several times (${verdict.reason ?? "no reason"}).`,
        },
        now,
      );
  }
  if (verdict.state === "failed-permanent" && !verdict.blamesNumber)
    deps.tasks.open(
      {
        kind: "failed-message",
        subject: pending.key,
        caseId: pending.caseId,
        debtorId: pending.debtorId,
        detail: `The message was refused for good (${verdict.reason ?? "no reason"}). Change the text.`,
      },
      now,
    );
}
