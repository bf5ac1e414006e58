import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeCommand } from "#hardware/pdu/command.ts";
import { decodePdu } from "#hardware/pdu/decode.ts";
import { encodeDeliver } from "#hardware/pdu/deliver.ts";
import { encodeDeliverReport, encodeSubmitReport } from "#hardware/pdu/report.ts";
import { encodeStatusReport } from "#hardware/pdu/status-report.ts";
import { encodeSubmit } from "#hardware/pdu/submit.ts";
import { type EncodedPdu, PduError, type Tpdu } from "#hardware/pdu/types.ts";
import * as arbitrary from "./arbitraries.ts";

const flags = (...names: readonly string[]) =>
  fc.record(Object.fromEntries(names.map((name) => [name, fc.boolean()])));

const submit = fc
  .record({
    smsc: arbitrary.serviceCentre,
    flags: flags("rejectDuplicates", "statusReportRequest", "replyPath"),
    messageReference: arbitrary.octet,
    destination: arbitrary.address,
    pid: arbitrary.octet,
    validity: arbitrary.validity,
    content: arbitrary.content,
  })
  .map(({ flags: set, content, ...fields }) => ({ ...fields, ...set, ...content }));

const deliver = fc
  .record({
    smsc: arbitrary.serviceCentre,
    flags: flags("moreMessages", "loopPrevention", "statusReportIndication", "replyPath"),
    originator: arbitrary.address,
    pid: arbitrary.octet,
    timestamp: arbitrary.timestamp,
    content: arbitrary.content,
  })
  .map(({ flags: set, content, ...fields }) => ({ ...fields, ...set, ...content }));

const parameters = fc
  .record({
    pid: fc.option(arbitrary.octet, { nil: undefined }),
    content: fc.option(arbitrary.content, { nil: undefined }),
  })
  .map(({ pid, content }) => ({ ...(pid !== undefined && { pid }), ...content }));

const statusReport = fc
  .record({
    smsc: arbitrary.serviceCentre,
    flags: flags("moreMessages", "loopPrevention", "statusReportQualifier"),
    messageReference: arbitrary.octet,
    recipient: arbitrary.address,
    timestamp: arbitrary.timestamp,
    discharge: arbitrary.timestamp,
    status: arbitrary.octet,
    parameters,
  })
  .map(({ flags: set, parameters: optional, ...fields }) => ({ ...fields, ...set, ...optional }));

const deliverReport = fc
  .record({ failureCause: fc.option(arbitrary.octet, { nil: undefined }), parameters })
  .map(({ parameters: optional, failureCause }) => ({
    ...optional,
    ...(failureCause !== undefined && { failureCause }),
  }));

const submitReport = fc
  .tuple(deliverReport, arbitrary.timestamp)
  .map(([fields, timestamp]) => ({ ...fields, timestamp }));

const command = fc.record({
  userDataHeader: fc.boolean(),
  statusReportRequest: fc.boolean(),
  messageReference: arbitrary.octet,
  pid: arbitrary.octet,
  commandType: arbitrary.octet,
  messageNumber: arbitrary.octet,
  destination: arbitrary.address,
  data: arbitrary.octets(157),
});

/** Every value that was put in came out, whatever else the decoder adds. */
function expectSame(decoded: Tpdu, fields: object): void {
  const { coding, ...others } = fields as Record<string, unknown>;
  expect(decoded).toMatchObject(others);
  if (coding !== undefined) expect(decoded).toMatchObject({ coding: { octet: coding } });
}

describe("what is encoded is decoded", () => {
  const kinds = [
    ["SUBMIT", submit, encodeSubmit, "mo"],
    ["DELIVER", deliver, encodeDeliver, "mt"],
    ["STATUS-REPORT", statusReport, encodeStatusReport, "mt"],
    ["DELIVER-REPORT", deliverReport, encodeDeliverReport, "mo"],
    ["SUBMIT-REPORT", submitReport, encodeSubmitReport, "mt"],
    ["COMMAND", command, encodeCommand, "mo"],
  ] as const;

  it.each(kinds)("%s", (_name, fields, encode, direction) => {
    fc.assert(
      fc.property(fields as fc.Arbitrary<object>, (values) => {
        const reportForm = "failureCause" in values ? "error" : "ack";
        const options = { direction, reportForm } as const;
        const { hex, tpduLength } = (encode as (fields: object) => EncodedPdu)(values);
        const decoded = decodePdu(hex, options);
        expectSame(decoded, values);
        expect(decoded).not.toHaveProperty("trailingOctets");
        // What was decoded encodes to the same octets, and reads the same without service centre.
        expect((encode as (fields: object) => EncodedPdu)(decoded).hex).toBe(hex);
        const bare = hex.slice(hex.length - 2 * tpduLength);
        expect(decodePdu(bare.toLowerCase(), { ...options, smsc: false })).toEqual({
          ...decoded,
          smsc: null,
        });
      }),
      { numRuns: 300 },
    );
  });
});

describe("a PDU that was cut", () => {
  /** Octets that may be missing at the end of what `encode` made, before the decoder must notice. */
  const cut = (hex: string, direction: "mt" | "mo", mayEndAt: (octets: number) => boolean): void => {
    for (let octets = 0; octets < hex.length / 2; octets++) {
      const part = hex.slice(0, 2 * octets);
      if (mayEndAt(octets)) continue;
      expect(() => decodePdu(part, { direction }), `${octets} of ${hex.length / 2} octets`).toThrow(PduError);
    }
  };

  it("is refused at every octet: SUBMIT", () => {
    fc.assert(
      fc.property(submit, (fields) => cut(encodeSubmit(fields).hex, "mo", () => false)),
      { numRuns: 100 },
    );
  });

  it("is refused at every octet: DELIVER", () => {
    fc.assert(
      fc.property(deliver, (fields) => cut(encodeDeliver(fields).hex, "mt", () => false)),
      { numRuns: 100 },
    );
  });

  it("is refused at every octet but the one where the optional part begins: STATUS-REPORT", () => {
    fc.assert(
      fc.property(statusReport, (fields) => {
        const { hex } = encodeStatusReport(fields);
        const { smsc, messageReference, recipient, timestamp, discharge, status } = fields;
        const mandatory = { smsc, messageReference, recipient, timestamp, discharge, status };
        const end = encodeStatusReport(mandatory).hex.length / 2;
        cut(hex, "mt", (octets) => octets === end);
      }),
      { numRuns: 100 },
    );
  });
});
