/** Whole PDUs: decoded values, refusals, and canonical ones made again octet by octet. */
import { decodePdu } from "#hardware/pdu/decode.ts";
import type { ReportForm } from "#hardware/pdu/report.ts";
import { PduError, type Tpdu } from "#hardware/pdu/types.ts";
import { encodeExpected } from "./encode-expected.ts";
import { describeTpdu } from "./expectation.ts";
import { differences, type Findings, refusalOf, type Vector } from "./vector.ts";

export const PDU_KINDS: readonly string[] = [
  "deliver",
  "submit",
  "status-report",
  "deliver-report",
  "submit-report",
  "command",
  "malformed",
];

export function checkPdu(vector: Vector): Findings {
  if (vector.expect.refuse) return checkRefusal(vector);
  let tpdu: Tpdu;
  try {
    tpdu = decode(vector, vector.rp ?? "ack");
  } catch (error) {
    if (!(error instanceof PduError)) throw error;
    return [`refused, but it is valid: ${error.message}`];
  }
  const found = differences(
    { kind: vector.kind, ...vector.expect },
    { kind: tpdu.kind, ...describeTpdu(tpdu, vector.tpdu === undefined) },
  );
  if (vector.canonical === true) found.push(...checkEncoding(vector));
  return found;
}

/**
 * Malformed vectors do not say in which form a report comes. Whichever it is, one of the two forms
 * reads past the end or is impossible, so one refusal is what can be asked for.
 */
function checkRefusal(vector: Vector): Findings {
  const forms: readonly ReportForm[] = vector.rp ? [vector.rp] : ["ack", "error"];
  const accepted = forms.every((form) => refusalOf(() => decode(vector, form), [PduError]) === undefined);
  return accepted ? [`decoded, but it must be refused: ${vector.expect.where}, ${vector.expect.why}`] : [];
}

function checkEncoding(vector: Vector): Findings {
  const expected = vector.tpdu ?? vector.pdu_with_smsc ?? "";
  const refusal = refusalOf(() => encodeExpected(vector), [PduError]);
  if (refusal) return [`canonical, but not encodable: ${refusal.message}`];
  const actual = encodeExpected(vector);
  return actual === expected ? [] : [`encoded again: expected ${expected}, got ${actual}`];
}

function decode(vector: Vector, reportForm: ReportForm): Tpdu {
  const smsc = vector.tpdu === undefined;
  const hex = vector.tpdu ?? vector.pdu_with_smsc;
  if (hex === undefined) throw new Error("the vector has neither `tpdu` nor `pdu_with_smsc`");
  if (vector.direction === undefined) throw new Error("the vector has no `direction`");
  return decodePdu(hex, { direction: vector.direction, smsc, reportForm });
}
