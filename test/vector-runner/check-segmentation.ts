/** Segment counts, and that the encoder makes the segments which were counted. */
import { decodePdu } from "#hardware/pdu/decode.ts";
import { encodeMessage } from "#hardware/pdu/message.ts";
import { joinUserData } from "#hardware/pdu/reassembly.ts";
import { SmsTextError, segmentText } from "#shared/sms-text.ts";
import { differences, type Findings, refusalOf, type Vector } from "./vector.ts";

export function checkSegmentation(vector: Vector): Findings {
  const runs = vector.text_runs as readonly (readonly [string, number])[];
  const text = runs.map(([character, count]) => character.repeat(count)).join("");
  const referenceBits = vector.reference_bits === 16 ? 16 : 8;
  const refusal = refusalOf(() => segmentText(text, { referenceBits }), [SmsTextError]);
  if (vector.expect.refuse) return refusal ? [] : ["segmented, but it must be refused"];
  if (refusal) return [`refused, but it is valid: ${refusal.message}`];
  const { alphabet, segments } = segmentText(text, { referenceBits });
  const found = differences(vector.expect, {
    alphabet,
    segments: segments.length,
    units: segments.map(({ units }) => units),
  });
  return [...found, ...checkEncoder(text, referenceBits, segments.length)];
}

function checkEncoder(text: string, referenceBits: 8 | 16, count: number): Findings {
  const { pdus } = encodeMessage({ to: "+4917012345", text, referenceBits, concatenationReference: 200 });
  const parts = pdus.map(({ hex }) => decodePdu(hex, { direction: "mo" }));
  const joined = joinUserData(parts.flatMap((part) => (part.kind === "submit" ? [part.userData] : [])));
  return differences({ pdus: count, text }, { pdus: pdus.length, text: joined.text });
}
