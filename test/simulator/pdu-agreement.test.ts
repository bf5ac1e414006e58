/**
 * The modem reads SUBMITs with a small reader of its own, for speed, and the service centre writes its
 * PDUs by hand. The codec is the judge of both.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { addressText } from "#hardware/pdu/address.ts";
import { decodePdu } from "#hardware/pdu/decode.ts";
import { encodeMessage } from "#hardware/pdu/message.ts";
import { encodeSubmit } from "#hardware/pdu/submit.ts";
import { timestampOf } from "#hardware/pdu/timestamp.ts";
import type { Submit } from "#hardware/pdu/types.ts";
import {
  deliverOf,
  serviceCentreHex,
  statusReport,
  timestampHex,
} from "#hardware/simulator/network/mobile-terminated.ts";
import {
  messageClass,
  parseSubmit,
  relativeValiditySeconds,
  withReference,
} from "#hardware/simulator/network/submit-pdu.ts";

const number = fc
  .tuple(fc.boolean(), fc.stringMatching(/^[0-9]{1,15}$/))
  .map(([international, digits]) => (international ? `+${digits}` : digits));

const message = fc.record(
  {
    to: number,
    text: fc.oneof(fc.string({ maxLength: 300 }), fc.string({ unit: "grapheme", maxLength: 150 })),
    concatenationReference: fc.nat(255),
    statusReportRequest: fc.boolean(),
    rejectDuplicates: fc.boolean(),
    validitySeconds: fc.integer({ min: 60, max: 38_000_000 }),
    class: fc.constantFrom(0, 1, 2, 3),
    pid: fc.nat(255),
    smsc: number,
  },
  { requiredKeys: ["to", "text", "concatenationReference"] },
);

function encoded(fields: Parameters<typeof encodeMessage>[0]): ReturnType<typeof encodeMessage>["pdus"] {
  try {
    return encodeMessage(fields).pdus;
  } catch {
    // Lone surrogates and the like: nothing to compare.
    return [];
  }
}

test("the modem reads what the codec writes", () => {
  fc.assert(
    fc.property(message, (fields) => {
      for (const { hex, tpduLength } of encoded(fields)) {
        const read = parseSubmit(hex, tpduLength);
        const judge = decodePdu(hex, { direction: "mo" }) as Submit;
        expect(read).toBeDefined();
        if (!read) return;
        expect((read.destination.ton === 1 ? "+" : "") + read.destination.digits).toBe(fields.to);
        expect(read.serviceCentre).toBe(judge.smsc ? addressText(judge.smsc) : undefined);
        expect([read.firstOctet, read.pid, read.dcs]).toEqual([
          judge.firstOctet,
          judge.pid,
          judge.coding.octet,
        ]);
        expect(messageClass(read.dcs)).toBe(judge.coding.class ?? undefined);
        const { validity } = judge;
        expect(relativeValiditySeconds(read)).toBe(
          validity.format === "relative" ? validity.seconds : undefined,
        );
      }
    }),
  );
});

test("a damaged SUBMIT never crashes the modem, and what it takes the codec can read", () => {
  const damaged = fc
    .tuple(message, fc.array(fc.tuple(fc.nat(400), fc.constantFrom(..."0123456789ABCDEF")), { maxLength: 4 }))
    .map(([fields, changes]) => {
      const [pdu] = encoded(fields);
      const digits = [...(pdu?.hex ?? "0001")];
      for (const [at, digit] of changes) digits[at % digits.length] = digit;
      return { hex: digits.join(""), tpduLength: pdu?.tpduLength ?? 0 };
    });
  fc.assert(
    fc.property(damaged, ({ hex, tpduLength }) => {
      const read = parseSubmit(hex, tpduLength);
      if (read) expect(decodePdu(`00${read.tpdu}`, { direction: "mo" }).kind).toBe("submit");
    }),
    { numRuns: 2_000 },
  );
});

test("a SUBMIT that became a DELIVER says the same", () => {
  fc.assert(
    fc.property(
      message,
      fc.integer({ min: -79, max: 79 }),
      fc.integer({ min: 700_000_000, max: 3_700_000_000 }),
      (fields, zone, second) => {
        const stamp = timestampHex(second * 1_000, zone);
        expect(stamp).toBe(timestampOf(second * 1_000, zone).raw);
        for (const { hex, tpduLength } of encoded(fields)) {
          const submit = parseSubmit(hex, tpduLength);
          const sent = decodePdu(hex, { direction: "mo" }) as Submit;
          if (!submit) throw new Error("not read");
          const onAir = { ...submit, tpdu: withReference(submit.tpdu, 200) };
          const { pduHex, ...rest } = deliverOf(
            onAir,
            "+4915100000001",
            serviceCentreHex("+491710760000"),
            stamp,
          );
          const got = decodePdu(pduHex, { direction: "mt" });
          expect(got).toMatchObject({
            kind: "deliver",
            smsc: { ton: 1, digits: "491710760000" },
            originator: { ton: 1, digits: "4915100000001" },
            coding: sent.coding,
            userData: sent.userData,
          });
          expect(rest.tpduLength * 2).toBe(pduHex.length - 16);
          expect((decodePdu(`00${onAir.tpdu}`, { direction: "mo" }) as Submit).messageReference).toBe(200);
        }
      },
    ),
  );
});

test("a report names the message it is about", () => {
  fc.assert(
    fc.property(number, fc.nat(255), fc.nat(255), (to, messageReference, status) => {
      const [pdu] = encoded({ to, text: "x", concatenationReference: 0 });
      const submit = pdu && parseSubmit(pdu.hex, pdu.tpduLength);
      if (!submit) throw new Error("not read");
      const stamp = timestampHex(1_767_603_600_000, 4);
      const { pduHex } = statusReport({
        centreHex: "00",
        messageReference,
        recipientHex: submit.destination.hex,
        acceptedAt: stamp,
        dischargedAt: stamp,
        status,
      });
      const report = decodePdu(pduHex, { direction: "mt" });
      expect(report).toMatchObject({ kind: "status-report", messageReference, status });
      if (report.kind === "status-report") expect(addressText(report.recipient)).toBe(to);
    }),
  );
});

test("the longest binary message fits, one octet more does not exist", () => {
  const { hex, tpduLength } = encodeSubmit({
    destination: { ton: 1, npi: 1, digits: "49" },
    coding: 4,
    userData: { data: new Uint8Array(140) },
  });
  expect(parseSubmit(hex, tpduLength)).toBeDefined();
  expect(parseSubmit(`${hex.replace(/8C(0{280})$/, "8D$100")}`, tpduLength + 1)).toBeUndefined();
});
