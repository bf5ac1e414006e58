/** From what the channel saw to what it means for the segment. The delivery promise is kept here. */
import { modemErrorOf } from "#hardware/at/errors.ts";
import type { SubmitReply } from "#hardware/at/submit-conversation.ts";
import type { SubmitOutcome } from "./types.ts";

/**
 * - an error before the PDU, or no prompt: nothing has left us
 * - an error after it: refused, but for those that do not tell (CMS 332 and its like)
 * - silence after it: nobody can know
 */
export function submitOutcome(reply: SubmitReply, vendor: string): SubmitOutcome {
  switch (reply.kind) {
    case "sent":
      return {
        kind: "accepted",
        ...(isReference(reply.number)
          ? { messageReference: reply.number }
          : { note: "the modem gave no message reference" }),
        ...(reply.late ? { note: "the modem's answer came after the limit" } : {}),
      };
    case "no-prompt":
      return { kind: "not-sent", reason: reply.reason };
    case "no-answer":
      return { kind: "unknown", reason: reply.reason };
    case "refused":
      return refusal(reply, vendor);
  }
}

function refusal(reply: Extract<SubmitReply, { kind: "refused" }>, vendor: string): SubmitOutcome {
  const error = modemErrorOf(reply.error, vendor, reply.pduWritten ? "after-pdu" : "before-pdu");
  switch (error.action) {
    case "done":
      return { kind: "accepted", note: `${error.text}: the service centre holds it already` };
    case "unknown":
      return { kind: "unknown", reason: `${error.text}: the message may have been taken`, error };
    default:
      return { kind: "refused", error };
  }
}

/** TP-MR is one octet (23.040 9.2.3.6). */
function isReference(number: number | undefined): number is number {
  return number !== undefined && number <= 255;
}
