import { describe, expect, it } from "vitest";
import { encodeSubmit } from "#hardware/pdu/submit.ts";
import { type InformationElement, PduError } from "#hardware/pdu/types.ts";

function element(iei: number, ...data: number[]): InformationElement {
  return { iei, data: Uint8Array.from(data) };
}

describe("what cannot be encoded is refused with its field", () => {
  const destination = { ton: 1, npi: 1, digits: "49170" };
  const text = "x";
  it.each([
    [
      "a message reference of 256",
      { destination, userData: { text }, messageReference: 256 },
      "messageReference",
    ],
    ["a PID of -1", { destination, userData: { text }, pid: -1 }, "pid"],
    ["half a PID", { destination, userData: { text }, pid: 0.5 }, "pid"],
    ["TP-DCS 256", { destination, userData: { text }, coding: 256 }, "coding"],
    ["161 septets", { destination, userData: { text: "x".repeat(161) } }, "userData"],
    ["71 UCS-2 characters", { destination, coding: 8, userData: { text: "ж".repeat(71) } }, "userData"],
    ["141 octets", { destination, coding: 4, userData: { data: new Uint8Array(141) } }, "userData"],
    [
      "a thousand octets",
      { destination, coding: 4, userData: { data: new Uint8Array(1000) } },
      "userData.data",
    ],
    ["a thousand characters", { destination, userData: { text: "x".repeat(1000) } }, "userData.text"],
    [
      "a thousand UCS-2 characters",
      { destination, coding: 8, userData: { text: "ж".repeat(1000) } },
      "userData.text",
    ],
    ["text that is not 7-bit", { destination, userData: { text: "ж" } }, "userData.text"],
    ["text as octets", { destination, coding: 4, userData: { text } }, "userData.data"],
    ["octets as 7-bit text", { destination, userData: { data: new Uint8Array(3) } }, "userData.text"],
    [
      "a language that we only decode",
      { destination, userData: { header: [element(0x25, 6)], text } },
      "userData.header",
    ],
    [
      "an element of 300 octets",
      { destination, coding: 4, userData: { header: [element(1, ...Array(300).fill(0))] } },
      "userData.header.length",
    ],
    [
      "21 digits",
      { destination: { ton: 1, npi: 1, digits: "1".repeat(21) }, userData: { text } },
      "destination",
    ],
    [
      "a letter in a number",
      { destination: { ton: 1, npi: 1, digits: "12d" }, userData: { text } },
      "destination",
    ],
    ["TON 8", { destination: { ton: 8, npi: 1, digits: "1" }, userData: { text } }, "destination"],
    [
      "a name of 12 septets",
      { destination: { ton: 5 as const, npi: 0, text: "x".repeat(12) }, userData: { text } },
      "destination",
    ],
    [
      "a name that is not 7-bit",
      { destination: { ton: 5 as const, npi: 0, text: "ж" }, userData: { text } },
      "destination",
    ],
    [
      "a name as service centre",
      { smsc: { ton: 5 as const, npi: 0, text: "x" }, destination, userData: { text } },
      "smsc",
    ],
    [
      "a raw validity of the wrong length",
      { destination, userData: { text }, validity: { format: "enhanced" as const, raw: "00" } },
      "validity.raw",
    ],
  ])("%s", (_name, fields, field) => {
    expect(() => encodeSubmit(fields)).toThrow(expect.objectContaining({ name: "PduError", field }));
    expect(() => encodeSubmit(fields)).toThrow(PduError);
  });
});
