import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodePdu } from "#hardware/pdu/decode.ts";
import { encodeMessage, type TextMessage } from "#hardware/pdu/message.ts";
import { joinUserData } from "#hardware/pdu/reassembly.ts";
import { PduError, type Submit } from "#hardware/pdu/types.ts";
import { SmsTextError, segmentText } from "#shared/sms-text.ts";
import { gsm7Text, phoneNumber, unicodeText } from "./arbitraries.ts";

const MESSAGE: TextMessage = { to: "+4917012345678", text: "Hello", concatenationReference: 7 };

function submits(message: TextMessage): Submit[] {
  return encodeMessage(message).pdus.map(({ hex }) => {
    const tpdu = decodePdu(hex, { direction: "mo" });
    if (tpdu.kind !== "submit") throw new Error(`a ${tpdu.kind} came out`);
    return tpdu;
  });
}

describe("a text message", () => {
  const message = fc.record({
    to: phoneNumber,
    text: fc.oneof(gsm7Text(500), unicodeText(300)),
    concatenationReference: fc.integer({ min: 0, max: 255 }),
    referenceBits: fc.constantFrom(8 as const, 16 as const),
    class: fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const),
    statusReportRequest: fc.boolean(),
    rejectDuplicates: fc.boolean(),
    validitySeconds: fc.integer({ min: 0, max: 38_102_400 }),
    pid: fc.integer({ min: 0, max: 255 }),
  });

  it("arrives as it was given", () => {
    fc.assert(
      fc.property(message, (given) => {
        const parts = submits(given);
        expect(joinUserData(parts.map(({ userData }) => userData)).text).toBe(given.text);
        parts.forEach((part, i) => {
          expect(part.destination).toMatchObject({
            digits: given.to.replace("+", ""),
            ton: given.to.startsWith("+") ? 1 : 0,
          });
          expect(part).toMatchObject({
            statusReportRequest: given.statusReportRequest,
            rejectDuplicates: given.rejectDuplicates,
            pid: given.pid,
            coding: { class: given.class },
          });
          expect(part.validity).toMatchObject({ format: "relative" });
          expect(part.validity).toHaveProperty("seconds");
          expect(part.userData.concatenation).toEqual(
            parts.length === 1
              ? undefined
              : {
                  referenceBits: given.referenceBits,
                  reference: given.concatenationReference,
                  total: parts.length,
                  sequence: i + 1,
                },
          );
        });
      }),
      { numRuns: 200 },
    );
  });

  it("has the segments that the preview counted, and each fills the octets it says", () => {
    fc.assert(
      fc.property(message, (given) => {
        const { segmentation, pdus } = encodeMessage(given);
        const preview = segmentText(given.text, { referenceBits: given.referenceBits });
        expect(segmentation).toEqual({ ...preview, forcingUcs2: [] });
        expect(pdus.length).toBe(segmentation.segments.length);
        for (const { hex, tpduLength } of pdus) expect(hex.length).toBe(2 * (1 + tpduLength));
      }),
      { numRuns: 100 },
    );
  });

  it("makes the same octets every time, and keeps no trace of the message before", () => {
    const short = encodeMessage(MESSAGE).pdus;
    encodeMessage({ ...MESSAGE, text: "ж".repeat(500), class: 0, validitySeconds: 60 });
    expect(encodeMessage(MESSAGE).pdus).toEqual(short);
    expect(short).toEqual([{ hex: "0001000D91947110325476F8000005C8329BFD06", tpduLength: 19 }]);
  });

  it("carries the service centre outside the length that AT+CMGS counts", () => {
    const [pdu] = encodeMessage({ ...MESSAGE, smsc: "+491710760000" }).pdus;
    expect(pdu).toEqual({ hex: "079194710167000001000D91947110325476F8000005C8329BFD06", tpduLength: 19 });
  });

  it("national tables are announced in every segment", () => {
    const text = `ş${"a".repeat(300)}`;
    const parts = submits({ ...MESSAGE, text, languages: ["turkish"] });
    expect(parts.map(({ userData }) => userData.singleShift)).toEqual([1, 1, 1]);
    expect(parts.map(({ userData }) => userData.text).join("")).toBe(text);
  });

  it("results are frozen", () => {
    const encoded = encodeMessage(MESSAGE);
    for (const each of [encoded, encoded.pdus, encoded.pdus[0]]) expect(Object.isFrozen(each)).toBe(true);
    const [decoded] = submits(MESSAGE);
    for (const each of [
      decoded,
      decoded?.userData,
      decoded?.destination,
      decoded?.coding,
      decoded?.validity,
    ]) {
      expect(Object.isFrozen(each)).toBe(true);
    }
  });

  it.each([
    [
      "a reference of 256 in 8 bits",
      { text: "a".repeat(200), concatenationReference: 256 },
      "concatenationReference",
    ],
    ["a negative reference", { text: "a".repeat(200), concatenationReference: -1 }, "concatenationReference"],
    [
      "65536 in 16",
      { text: "ж".repeat(99), concatenationReference: 65_536, referenceBits: 16 as const },
      "concatenationReference",
    ],
    ["a number with blanks", { to: "+49 170" }, "address"],
    ["a service centre with letters", { smsc: "centre" }, "address"],
    ["a PID of 256", { pid: 256 }, "pid"],
    ["a validity that is no number", { validitySeconds: Number.NaN }, "validity.seconds"],
  ])("refused: %s", (_name, changed, field) => {
    expect(() => encodeMessage({ ...MESSAGE, ...changed })).toThrow(expect.objectContaining({ field }));
    expect(() => encodeMessage({ ...MESSAGE, ...changed })).toThrow(PduError);
  });

  it("a text that cannot be sent is refused", () => {
    expect(() => encodeMessage({ ...MESSAGE, text: "\ud83d" })).toThrow(SmsTextError);
    expect(() => encodeMessage({ ...MESSAGE, text: "a".repeat(40_000) })).toThrow(SmsTextError);
  });
});

describe("hexadecimal that is refused", () => {
  it.each([
    ["nothing", "", "truncated", 0],
    ["an odd number of digits", "001", "not-hex", 1],
    ["a letter", "00G1", "not-hex", 1],
    ["a blank", "00 4", "not-hex", 1],
    ["a line end", "0004\r\n", "not-hex", 2],
    ["a digit of another script", "0٣", "not-hex", 0],
    ["a letter whose low octet is a digit", "00\u0161\u0162", "not-hex", 1],
    ["far too much", "00".repeat(513), "too-long", 512],
  ])("%s", (_name, hex, code, octet) => {
    const decode = () => decodePdu(hex, { direction: "mt" });
    expect(decode).toThrow(expect.objectContaining({ name: "PduError", code, octet }));
  });

  it("a reserved TP-MTI is refused in both directions", () => {
    for (const direction of ["mt", "mo"] as const) {
      expect(() => decodePdu("0003", { direction })).toThrow(
        expect.objectContaining({ code: "unsupported", field: "firstOctet", octet: 1 }),
      );
    }
  });
});
