import { describe, expect, it } from "vitest";
import { decodePdu } from "#hardware/pdu/decode.ts";
import { encodeDeliver } from "#hardware/pdu/deliver.ts";
import { packedLength, packSeptets } from "#hardware/pdu/septets.ts";
import { encodeSubmit } from "#hardware/pdu/submit.ts";
import { timestampOf } from "#hardware/pdu/timestamp.ts";
import type { InformationElement, UserData } from "#hardware/pdu/types.ts";

/** A DELIVER to which TP-DCS, TP-UDL and what follows are put. */
const HEAD = { plain: "00040481214300", withHeader: "00440481214300" };
const STAMP = "62202151436500";

function userData(dcs: string, udl: string, ud: string, header = false): UserData {
  const tpdu = decodePdu(`${header ? HEAD.withHeader : HEAD.plain}${dcs}${STAMP}${udl}${ud}`, {
    direction: "mt",
  });
  if (tpdu.kind !== "deliver") throw new Error(`a ${tpdu.kind} came out`);
  return tpdu.userData;
}

function element(iei: number, ...data: number[]): InformationElement {
  return { iei, data: Uint8Array.from(data) };
}

describe("user data that is refused", () => {
  it.each([
    ["TP-UDL of septets beyond the data", "00", "08", "C8329B", false, "truncated"],
    ["TP-UDL of octets beyond the data", "04", "04", "010203", false, "truncated"],
    ["TP-UDL 160 and nothing", "00", "A0", "", false, "truncated"],
    ["no TP-UDL", "00", "", "", false, "truncated"],
    ["161 septets", "00", "A1", "00".repeat(141), false, "too-long"],
    ["141 octets", "04", "8D", "00".repeat(141), false, "too-long"],
    ["141 octets of compressed text", "20", "8D", "00".repeat(141), false, "too-long"],
    ["a header announced and no data", "00", "00", "", true, "truncated"],
    ["TP-UDHL beyond the data", "04", "03", "050003", true, "truncated"],
    ["TP-UDHL FF", "04", "03", "FF0003", true, "truncated"],
    [
      "TP-UDHL one octet beyond the data, with octets behind it",
      "04",
      "03",
      "030003AABBCC",
      true,
      "truncated",
    ],
    ["a header of more septets than TP-UDL", "00", "06", "050003010201", true, "truncated"],
  ])("%s", (_name, dcs, udl, ud, header, code) => {
    expect(() => userData(dcs, udl, ud, header)).toThrow(expect.objectContaining({ name: "PduError", code }));
  });
});

describe("the place of an error", () => {
  it("data that ends early is the fault of the user data as a whole, not of a header in it", () => {
    expect(() => userData("04", "0A", "0500", true)).toThrow(
      expect.objectContaining({
        field: "userData",
        octet: 16,
        message: expect.stringMatching(/needs 10 octets, 2 left/),
      }),
    );
  });
});

describe("user data that is odd and read", () => {
  it("octets after the user data are counted and not read", () => {
    const hex = `${HEAD.plain}00${STAMP}05E8329BFD06FFFF`;
    expect(decodePdu(hex, { direction: "mt" })).toMatchObject({
      trailingOctets: 2,
      userData: { text: "hello" },
    });
  });

  it("an odd last octet of UCS-2 is flagged and kept in the data", () => {
    expect(userData("08", "03", "004100")).toEqual({
      length: 3,
      header: [],
      text: "A",
      data: Uint8Array.of(0x00, 0x41, 0x00),
      oddUcs2: true,
    });
  });

  it("half of a surrogate pair shows as U+FFFD", () => {
    expect(userData("08", "04", "D83D0041").text).toBe("\ufffdA");
  });

  it("compressed text is given as octets, never as text", () => {
    const data = userData("20", "03", "010203");
    expect(data).toEqual({ length: 3, header: [], data: Uint8Array.of(1, 2, 3) });
  });

  it.each([
    ["too few octets in the last element", "0300030102"],
    ["one octet too few in the last element, with text behind it", "040003010241"],
    ["one octet too many after the last element", "06000301020100"],
  ])("a header is ignored and flagged: %s", (_name, ud) => {
    const octetCount = (ud.length / 2).toString(16).padStart(2, "0");
    const data = userData("04", octetCount, ud, true);
    expect(data).toMatchObject({ headerMalformed: true, header: [] });
    expect(data.concatenation).toBeUndefined();
  });

  it.each([
    ["sequence 0", [element(0x00, 7, 2, 0)]],
    ["sequence beyond the total", [element(0x00, 7, 2, 3)]],
    ["total 0", [element(0x08, 0, 7, 0, 0)]],
    ["a concatenation of the wrong length", [element(0x00, 7, 2)]],
  ])("a void element is ignored and kept: %s", (_name, header) => {
    const decoded = roundTrip(header);
    expect(decoded.concatenation).toBeUndefined();
    expect(decoded.header).toEqual(header);
  });

  it.each([
    ["the last of two", [element(0x00, 1, 2, 1), element(0x00, 9, 3, 2)], { reference: 9, total: 3 }],
    [
      "16 bits after 8",
      [element(0x00, 1, 2, 1), element(0x08, 1, 0, 3, 2)],
      { reference: 256, referenceBits: 16 },
    ],
    ["the valid one before a void one", [element(0x00, 1, 2, 1), element(0x00, 9, 3, 0)], { reference: 1 }],
  ])("of repeated elements counts %s", (_name, header, concatenation) => {
    expect(roundTrip(header).concatenation).toMatchObject(concatenation);
  });

  it("unknown elements are kept, ports are read", () => {
    const decoded = roundTrip([element(0x70, 1, 2, 3), element(0x05, 0x0b, 0x84, 0x23, 0xf0)]);
    expect(decoded.header[0]).toEqual(element(0x70, 1, 2, 3));
    expect(decoded.ports).toEqual({ bits: 16, destination: 2948, source: 9200 });
  });

  it("messages that wait are counted for each kind and profile; the last count holds", () => {
    const decoded = roundTrip([
      element(0x01, 0x00, 3),
      element(0x01, 0x82, 1),
      element(0x01, 0x00, 4),
      element(0x01, 0x27, 5),
    ]);
    expect(decoded.waiting).toEqual([
      { store: true, type: 2, extension: 0, profile: 0, count: 1 },
      { store: false, type: 0, extension: 0, profile: 0, count: 4 },
      { store: false, type: 3, extension: 1, profile: 1, count: 5 },
    ]);
    expect(roundTrip([element(0x01, 0x00)]).waiting).toBeUndefined();
  });

  it("text starts after the fill bits whatever they are", () => {
    const { hex } = encodeSubmit({
      destination: { ton: 1, npi: 1, digits: "49170" },
      userData: { header: [element(0x00, 1, 2, 1)], text: "Hello" },
    });
    const headerEnd = hex.indexOf("050003010201") + 12;
    const septet = Number.parseInt(hex.slice(headerEnd, headerEnd + 2), 16);
    const filled = (septet | 1).toString(16).toUpperCase().padStart(2, "0");
    const decoded = decodePdu(hex.slice(0, headerEnd) + filled + hex.slice(headerEnd + 2), {
      direction: "mo",
    });
    expect(decoded).toMatchObject({ userData: { text: "Hello" } });
  });

  it.each([
    ["one escape", [0x41, 0x1b], true],
    ["an escape that is escaped", [0x1b, 0x1b], false],
    ["two and one", [0x1b, 0x1b, 0x1b], true],
    ["none", [0x41], false],
  ])("escapes at the end of a text: %s", (_name, septets, escapeAtEnd) => {
    const packed = new Uint8Array(packedLength(septets.length));
    packSeptets(Uint8Array.from(septets), septets.length, 0, packed, 0);
    const udl = septets.length.toString(16).padStart(2, "0");
    expect(userData("00", udl, Buffer.from(packed).toString("hex")).escapeAtEnd ?? false).toBe(escapeAtEnd);
  });

  it("a header without text ends in fill bits of 0, whatever was encoded before", () => {
    const destination = { ton: 1, npi: 1, digits: "49170" };
    encodeSubmit({ destination, coding: 4, userData: { data: new Uint8Array(140).fill(0xff) } });
    const { hex } = encodeSubmit({ destination, userData: { header: [element(0x00, 1, 2, 1)], text: "" } });
    expect(hex).toBe("00410005919471F000000705000301020100");
  });

  it("Turkish in both shifts", () => {
    const header = [element(0x24, 1), element(0x25, 1)];
    const { hex } = encodeSubmit({
      destination: { ton: 1, npi: 1, digits: "90532" },
      userData: { header, text: "Şişli İçin çöğüş €" },
    });
    const decoded = decodePdu(hex, { direction: "mo" });
    expect(decoded).toMatchObject({
      userData: { singleShift: 1, lockingShift: 1, text: "Şişli İçin çöğüş €" },
    });
  });
});

function roundTrip(header: readonly InformationElement[]): UserData {
  const originator = { ton: 1, npi: 1, digits: "49170" };
  const data = Uint8Array.of(0xff, 0x00, 0x80);
  const fields = {
    originator,
    timestamp: timestampOf(Date.UTC(2026, 1, 1)),
    coding: 4,
    userData: { header, data },
  };
  const decoded = decodePdu(encodeDeliver(fields).hex, { direction: "mt" });
  if (decoded.kind !== "deliver") throw new Error(`a ${decoded.kind} came out`);
  expect(decoded.userData.data).toEqual(data);
  return decoded.userData;
}
