/** What the service centre remembers of a message that it accepted. */
import type { FaultAction } from "#hardware/simulator/faults/faults.ts";
import type { Sim } from "#hardware/simulator/sim/sim.ts";
import { type MobileTerminated, statusReport } from "./mobile-terminated.ts";
import type { SubmitPdu } from "./submit-pdu.ts";

export interface ReceiptOrder {
  readonly sim: Sim;
  readonly submit: SubmitPdu;
  readonly messageReference: number;
}

export interface ReceiptFields {
  /** TP-SRR was set. */
  readonly wanted: boolean;
  /** Wall clock of acceptance, milliseconds. */
  readonly at: number;
  readonly fault: FaultAction | undefined;
  readonly centreHex: string;
}

export class Receipt {
  readonly order: ReceiptOrder;
  readonly wanted: boolean;
  readonly at: number;
  readonly fault: FaultAction | undefined;
  readonly centreHex: string;
  intermediateSent = false;

  constructor(order: ReceiptOrder, fields: ReceiptFields) {
    this.order = order;
    this.wanted = fields.wanted;
    this.at = fields.at;
    this.fault = fields.fault;
    this.centreHex = fields.centreHex;
  }

  /** The same SIM, reference and recipient: what TP-RD lets the service centre reject (9.2.3.25). */
  isCopyOf(other: ReceiptOrder): boolean {
    return (
      this.order.sim === other.sim &&
      this.order.messageReference === other.messageReference &&
      this.order.submit.destination.hex === other.submit.destination.hex
    );
  }

  report(
    status: number,
    recipientHex: string,
    stamps: { readonly acceptedAt: string; readonly dischargedAt: string },
    referenceBy = 0,
  ): MobileTerminated {
    return statusReport({
      centreHex: this.centreHex,
      messageReference: (this.order.messageReference + referenceBy) & 0xff,
      recipientHex,
      status,
      ...stamps,
    });
  }
}
