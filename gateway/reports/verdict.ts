/** What a status report says of its segment (3GPP TS 23.040 9.2.3.15). Pure. */
import { statusText } from "#hardware/pdu/status.ts";
import type { StatusCategory } from "#hardware/pdu/types.ts";
import type { DeliveryCode } from "#shared/problems.ts";

const VALIDITY_PERIOD_EXPIRED = 0x46;

export type ReportVerdict =
  /** The service centre has it and keeps trying: proof that it was sent, and no end. */
  | { readonly to: "submitted"; readonly reason: string }
  | { readonly to: "delivered"; readonly reason?: string }
  | { readonly to: "undelivered" | "expired"; readonly reason: string; readonly code: DeliveryCode };

export function reportVerdict(status: number, category: StatusCategory): ReportVerdict {
  const reason = `Status report ${status.toString(16).toUpperCase().padStart(2, "0")}: ${statusText(status)}.`;
  switch (category) {
    case "completed":
      return status === 0 ? { to: "delivered" } : { to: "delivered", reason };
    case "still-trying":
      return { to: "submitted", reason };
    case "permanent-failure":
    case "temporary-failure-final":
    case "reserved":
      return status === VALIDITY_PERIOD_EXPIRED
        ? { to: "expired", reason, code: "validity_expired" }
        : { to: "undelivered", reason, code: "undeliverable" };
  }
}
