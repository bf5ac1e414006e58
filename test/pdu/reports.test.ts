import { describe, expect, it } from "vitest";
import { encodeCommand } from "#hardware/pdu/command.ts";
import { decodePdu } from "#hardware/pdu/decode.ts";
import { encodeDeliverReport, encodeSubmitReport } from "#hardware/pdu/report.ts";
import { encodeStatusReport } from "#hardware/pdu/status-report.ts";
import { timestampOf } from "#hardware/pdu/timestamp.ts";

const timestamp = timestampOf(Date.UTC(2026, 2, 4));
const octets = (count: number) => ({ coding: 4, userData: { data: new Uint8Array(count).fill(0xa5) } });

describe("how much each type can hold", () => {
  it.each([
    ["DELIVER-REPORT", 159, (count: number) => encodeDeliverReport(octets(count)), "mo", "ack"],
    [
      "DELIVER-REPORT with a cause",
      158,
      (count: number) => encodeDeliverReport({ ...octets(count), failureCause: 0xd3 }),
      "mo",
      "error",
    ],
    [
      "SUBMIT-REPORT",
      152,
      (count: number) => encodeSubmitReport({ ...octets(count), timestamp }),
      "mt",
      "ack",
    ],
    [
      "SUBMIT-REPORT with a cause",
      151,
      (count: number) => encodeSubmitReport({ ...octets(count), timestamp, failureCause: 0xd3 }),
      "mt",
      "error",
    ],
  ] as const)("%s: %i octets", (_name, most, encode, direction, reportForm) => {
    const { hex } = encode(most);
    expect(decodePdu(hex, { direction, reportForm })).toMatchObject({ userData: { length: most } });
    const tooLong = expect.objectContaining({ name: "PduError", code: "too-long" });
    expect(() => encode(most + 1)).toThrow(tooLong);
    const lengthAt = hex.length - 2 * most - 2;
    const longer = `${hex.slice(0, lengthAt)}${(most + 1).toString(16)}${hex.slice(lengthAt + 2)}A5`;
    expect(() => decodePdu(longer, { direction, reportForm })).toThrow(tooLong);
  });

  it("COMMAND: 157 octets", () => {
    const fields = {
      userDataHeader: false,
      statusReportRequest: true,
      messageReference: 1,
      pid: 0,
      commandType: 0,
      messageNumber: 9,
      destination: { ton: 1, npi: 1, digits: "49170" },
    };
    const { hex } = encodeCommand({ ...fields, data: new Uint8Array(157) });
    expect(decodePdu(hex, { direction: "mo" })).toMatchObject({ kind: "command", data: { length: 157 } });
    expect(() => encodeCommand({ ...fields, data: new Uint8Array(158) })).toThrow(/data.length: 158/);
    const longer = `${hex.slice(0, -2 * 158)}9E${"00".repeat(158)}`;
    expect(() => decodePdu(longer, { direction: "mo" })).toThrow(/158 octets of command data, at most 157/);
  });
});

describe("TP-PI", () => {
  const recipient = { ton: 1, npi: 1, digits: "49170" };
  const fields = { messageReference: 1, recipient, timestamp, discharge: timestamp, status: 0 };

  it("octets that its highest bit adds are kept and written again", () => {
    const { hex } = encodeStatusReport({
      ...fields,
      pid: 7,
      parameterIndicator: 0x08,
      parameterExtension: [0x12, 0x34],
    });
    expect(hex).toMatch(/89923407$/);
    const decoded = decodePdu(hex, { direction: "mt" });
    expect(decoded).toMatchObject({ parameterIndicator: 0x89, parameterExtension: [0x92, 0x34], pid: 7 });
    expect(decoded.kind === "status-report" && encodeStatusReport(decoded).hex).toBe(hex);
  });

  it("that promises an octet which is not there is refused", () => {
    const { hex } = encodeStatusReport(fields);
    for (const indicator of ["01", "02", "04", "80", "8081"]) {
      expect(() => decodePdu(hex + indicator, { direction: "mt" })).toThrow(/needs 1 octet, 0 left/);
    }
  });

  it("FF to the end is fill, FF before something else is not", () => {
    const { hex } = encodeStatusReport(fields);
    expect(decodePdu(`${hex}FF`, { direction: "mt" })).toMatchObject({ paddingOctets: 1 });
    expect(decodePdu(`${hex}${"FF".repeat(100)}`, { direction: "mt" })).toMatchObject({ paddingOctets: 100 });
    expect(() => decodePdu(`${hex}FFFF00FF`, { direction: "mt" })).toThrow(
      /parameterIndicator|userData|coding/,
    );
  });

  it("without TP-DCS the default alphabet holds", () => {
    const { hex } = encodeStatusReport({ ...fields, userData: { text: "Grüße" } });
    expect(hex).toMatch(/000405/);
    expect(decodePdu(hex, { direction: "mt" })).toMatchObject({ userData: { text: "Grüße" } });
  });
});
