/**
 * What a state of the gateway's message means for the occurrence and for the debtor's number. Causes
 * come from the gateway's catalogue (`shared/problems/delivery.ts`), never from a text.
 */
import type { OccurrenceState } from "#scheduler/ledger/states.ts";
import type { Message } from "#shared/gateway-api/messages.ts";

/** What is known of a message at one moment, from a webhook, a poll, or the answer to the hand-over. */
export interface Receipt {
  readonly gatewayId: string;
  /** The occurrence's key. */
  readonly reference?: string;
  readonly state: Message["state"];
  readonly code?: string;
  /** The gateway's sentence; may carry the status of the report. */
  readonly reason?: string;
  readonly acceptedAt?: number;
  readonly submittedAt?: number;
  readonly deliveredAt?: number;
  /** ICCID of the SIM that sent it. */
  readonly sim?: string;
}

export interface Verdict {
  readonly state: OccurrenceState;
  /** True when the cause lies in the number and will not go away by itself. */
  readonly blamesNumber: boolean;
  /** False when it is certain that no segment left: then it never counts as a contact. */
  readonly left: boolean;
  readonly reason?: string;
}

/** Nothing of the message was handed to the network. */
const NOTHING_LEFT: ReadonlySet<string> = new Set([
  "not_after_passed",
  "no_sim",
  "sim_refused",
  "network_busy",
  "retries_exhausted",
  "message_refused",
  "number_dead",
  "cancelled_by_caller",
]);

/** The message or the number is refused for good; the rest may work another day. */
const PERMANENT: ReadonlySet<string> = new Set(["number_dead", "message_refused"]);

/**
 * 3GPP TS 23.040 9.2.3.15: 0x40 to 0x5F are permanent errors. Of these only some blame the number;
 * 0x44 (higher priority), 0x46 (validity expired) or a reserved value say nothing about it.
 */
const DEAD_STATUSES: ReadonlySet<number> = new Set([0x41, 0x42, 0x43]);

export function verdictOf(receipt: Receipt): Verdict {
  const because = receipt.code ?? receipt.state;
  const left = receipt.submittedAt !== undefined || !NOTHING_LEFT.has(receipt.code ?? "");
  switch (receipt.state) {
    case "queued":
    case "submitting":
      return { state: "handed-over", blamesNumber: false, left: true };
    case "submitted":
      return { state: "submitted", blamesNumber: false, left: true };
    case "delivered":
      return { state: "delivered", blamesNumber: false, left: true };
    case "unknown":
      return { state: "unknown", blamesNumber: false, left: true, reason: because };
    case "expired":
      return { state: "expired", blamesNumber: false, left, reason: because };
    case "cancelled":
      // A segment that was on the air before the others were taken back has reached somebody.
      return { state: "cancelled", blamesNumber: false, left: receipt.submittedAt !== undefined };
    case "failed":
    case "undelivered":
      return failed(receipt, because, left);
  }
}

function failed(receipt: Receipt, reason: string, left: boolean): Verdict {
  const status = reportStatus(receipt.reason);
  const dead = receipt.code === "number_dead" || (status !== undefined && DEAD_STATUSES.has(status));
  const permanent = dead || PERMANENT.has(receipt.code ?? "");
  return {
    state: permanent ? "failed-permanent" : "failed-temporary",
    blamesNumber: dead,
    left,
    reason: status === undefined ? reason : `${reason} 0x${status.toString(16)}`,
  };
}

/** The TP-ST that the gateway's sentence names in hexadecimal: "Status report 43: not obtainable." */
function reportStatus(reason: string | undefined): number | undefined {
  const match = /\bStatus report (?:0x)?([0-9A-Fa-f]{2})\b/.exec(reason ?? "");
  return match ? Number.parseInt(match[1] as string, 16) : undefined;
}

/** The facts of a message as the API answers with it. */
export function receiptOf(message: Message, fromGateway: (at: number) => number): Receipt {
  const worst = message.segments.find((segment) => segment.state === message.state && segment.code);
  const submitted = message.submittedAt ?? earliest(message.segments.map((segment) => segment.submittedAt));
  const at = (text: string): number => fromGateway(Date.parse(text));
  const sim = message.segments.find((segment) => segment.sim !== undefined)?.sim;
  return {
    gatewayId: message.id,
    state: message.state,
    acceptedAt: at(message.acceptedAt),
    ...(message.reference === undefined ? {} : { reference: message.reference }),
    ...(worst?.code === undefined ? {} : { code: worst.code }),
    ...(worst?.reason === undefined ? {} : { reason: worst.reason }),
    ...(submitted === undefined ? {} : { submittedAt: at(submitted) }),
    ...(message.deliveredAt === undefined ? {} : { deliveredAt: at(message.deliveredAt) }),
    ...(sim === undefined ? {} : { sim }),
  };
}

function earliest(times: readonly (string | undefined)[]): string | undefined {
  const known = times.filter((time) => time !== undefined).sort((a, b) => Date.parse(a) - Date.parse(b));
  return known[0];
}
