/** Which status reports go out for a message, when a fault has its say. */
import type { FaultAction } from "#hardware/simulator/faults/actions.ts";

export interface PlannedReport {
  readonly status: number;
  readonly delayMs: number;
  /** Added to TP-MR. */
  readonly referenceBy?: number;
  /** TP-RA in another form than the network's. */
  readonly form?: "international" | "national" | "short";
  /** It waits for the next report of the same SIM. */
  readonly afterNext?: true;
}

/** TP-ST "SME busy, still trying" (23.040 9.2.3.15). */
const STILL_TRYING = 0x22;
const INTERMEDIATE_MS = 1_000;

/** `between` draws a time; `status` and `delayMs` are those of the report that the network means. */
export function plannedReports(
  fault: FaultAction | undefined,
  status: number,
  delayMs: number,
  between: (span: { readonly ms: number; readonly toMs?: number }) => number,
): readonly PlannedReport[] {
  const plain = { status, delayMs };
  switch (fault?.kind) {
    case "lose-report":
      return [];
    case "early-report":
      return [{ status, delayMs: 0 }];
    case "delay-report":
      return [{ status, delayMs: delayMs + between(fault) }];
    case "report-status":
      return [{ status: fault.status, delayMs }];
    case "duplicate-report":
      return Array.from({ length: 1 + (fault.copies ?? 1) }, () => plain);
    case "intermediate-report":
      return [
        { status: fault.status ?? STILL_TRYING, delayMs },
        { status, delayMs: delayMs + (fault.ms ?? INTERMEDIATE_MS) },
      ];
    case "wrong-reference":
      return [{ ...plain, referenceBy: fault.by }];
    case "recipient-form":
      return [{ ...plain, form: fault.form }];
    case "reorder-report":
      return [{ ...plain, afterNext: true }];
    default:
      return [plain];
  }
}
