import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressOf, addressText, readAddress, readServiceCentre } from "#hardware/pdu/address.ts";
import { codingOctet, dataCoding } from "#hardware/pdu/coding.ts";
import { octetsFromHex } from "#hardware/pdu/hex.ts";
import { PduReader } from "#hardware/pdu/reader.ts";
import { packedLength, packSeptets, textOfSeptets, unpackSeptets } from "#hardware/pdu/septets.ts";
import { statusCategory, statusText } from "#hardware/pdu/status.ts";
import { readTimestamp, timestampOf } from "#hardware/pdu/timestamp.ts";
import { PduError } from "#hardware/pdu/types.ts";
import { enhancedValidity, readValidity, relativeValidity } from "#hardware/pdu/validity.ts";

const reader = (hex: string) => new PduReader(octetsFromHex(hex));

describe("addresses", () => {
  it.each([
    ["international", "+4917600123456", { ton: 1, npi: 1, digits: "4917600123456" }],
    [
      "the same digits without + stay what they are",
      "4917600123456",
      { ton: 0, npi: 1, digits: "4917600123456" },
    ],
    ["a short code", "10012", { ton: 0, npi: 1, digits: "10012" }],
    ["00 is not turned into +", "00491710760000", { ton: 0, npi: 1, digits: "00491710760000" }],
    ["service codes", "*100#", { ton: 0, npi: 1, digits: "*100#" }],
    ["letters a to c are digits", "12abc", { ton: 0, npi: 1, digits: "12abc" }],
  ])("%s", (_name, number, address) => {
    expect(addressOf(number)).toEqual(address);
    expect(addressText(addressOf(number))).toBe(number);
  });

  it.each(["", "+", "+49 170 1", "49-170", "INFO24", "012345678901234567890", "+49\r", "1d", "１２"])(
    "refuses %j",
    (number) => expect(() => addressOf(number)).toThrow(PduError),
  );

  it.each([
    ["digits *#abc", "0481BA21", "*#12"],
    ["a semi-octet A to E is a digit of its own", "04810A21", "*012"],
    ["length 0 has its type octet", "0081", ""],
    ["a fill digit that the length counts", "0681214365", "123456"],
    ["a fill digit inside ends the number", "068121F365", "123"],
    ["a name of seven characters", "0DD04F78D92D9C0E01", "OpenBSC"],
  ])("%s", (_name, hex, expected) => {
    expect(addressText(readAddress(reader(hex), "originator"))).toBe(expected);
  });

  it("more than 20 semi-octets are refused, and the error says where", () => {
    const read = () => readAddress(reader("1591000000000000000000000000"), "originator");
    expect(read).toThrow(expect.objectContaining({ code: "too-long", field: "originator.length", octet: 0 }));
  });

  it.each([
    ["no service centre", "00", null],
    ["a type and no digits", "0191", { ton: 1, npi: 1, digits: "" }],
    ["a number", "07919471016700F0", { ton: 1, npi: 1, digits: "49171076000" }],
  ])("service centre: %s", (_name, hex, expected) => {
    expect(readServiceCentre(reader(hex))).toEqual(expected);
  });

  it("a service centre longer than eleven octets is refused even when the octets are there", () => {
    expect(() => readServiceCentre(reader(`0C91${"11".repeat(20)}`))).toThrow(/service centre field missing/);
  });
});

describe("septets", () => {
  it("packing and unpacking are inverse, with any fill", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ max: 127, maxLength: 182 }),
        fc.integer({ min: 0, max: 6 }),
        (septets, fill) => {
          const packed = new Uint8Array(200);
          const end = packSeptets(septets, septets.length, fill, packed, 5);
          expect(end - 5).toBe(septets.length === 0 ? 0 : packedLength(septets.length, fill));
          const unpacked = new Uint8Array(septets.length);
          unpackSeptets(packed, 5, septets.length, fill, unpacked);
          expect([...unpacked]).toEqual([...septets]);
          expect(packed.subarray(end).every((octet) => octet === 0)).toBe(true);
        },
      ),
    );
  });

  it("fill bits set to 1 are not read", () => {
    const septets = new Uint8Array(1);
    unpackSeptets(Uint8Array.of(0b1111_1111, 0b0000_0011), 0, 1, 3, septets);
    expect([...septets]).toEqual([0x7f]);
  });

  it.each([
    ["two escapes are a space", [0x1b, 0x1b, 0x41], " A"],
    ["an escape at the end is a space", [0x41, 0x1b], "A "],
    ["an escape and a code without symbol is the main character", [0x1b, 0x41], "A"],
    ["page break", [0x1b, 0x0a], "\f"],
    ["euro", [0x1b, 0x65], "€"],
    ["section sign, which others take for a backtick", [0x5f], "§"],
  ])("%s", (_name, septets, expected) => {
    expect(textOfSeptets(Uint8Array.from(septets))).toBe(expected);
  });

  it("an unknown language is read with the default tables", () => {
    expect(textOfSeptets(Uint8Array.of(0x41, 0x1b, 0x65), 99, 99)).toBe("A€");
  });

  it("a code without a symbol in a locking table shows that something was there", () => {
    expect(textOfSeptets(Uint8Array.of(0x0c), 4)).toBe("\ufffd");
  });
});

describe("TP-DCS", () => {
  it.each([
    [0x10, { alphabet: "gsm7", class: 0 }],
    [0x18, { alphabet: "ucs2", class: 0 }],
    [0x0c, { alphabet: "gsm7", class: null }],
    [0x84, { alphabet: "gsm7", class: null }],
    [0xd8, { alphabet: "gsm7", messageWaiting: { store: true, active: true, type: 0 } }],
    [0xe0, { alphabet: "ucs2", messageWaiting: { store: true, active: false, type: 0 } }],
    [0xf5, { alphabet: "8bit", class: 1 }],
    [0xf9, { alphabet: "gsm7", class: 1 }],
    [0xfb, { alphabet: "gsm7", class: 3 }],
    [0x48, { alphabet: "ucs2", autoDelete: true }],
    [0x20, { alphabet: "gsm7", compressed: true }],
  ])("%i", (octet, expected) => {
    expect(dataCoding(octet)).toMatchObject(expected);
  });

  it("what we choose for a text reads back as chosen", () => {
    for (const alphabet of ["gsm7", "8bit", "ucs2"] as const) {
      for (const messageClass of [undefined, 0, 1, 2, 3] as const) {
        const coding = dataCoding(codingOctet(alphabet, messageClass));
        expect(coding).toMatchObject({ alphabet, class: messageClass ?? null, compressed: false });
      }
    }
  });
});

describe("time stamps", () => {
  it.each([
    ["winter in Berlin", "62202151436540", 4, "2026-02-12T15:34:56+01:00"],
    ["west of Greenwich", "1120821105050A", -20, "2011-02-28T11:50:50-05:00"],
    ["half an hour", "62202151436522", 22, "2026-02-12T15:34:56+05:30"],
    ["UTC", "62202151436500", 0, "2026-02-12T15:34:56+00:00"],
    ["minus nothing is nothing", "62202151436508", 0, "2026-02-12T15:34:56+00:00"],
    ["last century", "99211332959500", 0, "1999-12-31T23:59:59+00:00"],
    ["29 February", "42209200000000", 0, "2024-02-29T00:00:00+00:00"],
  ])("%s", (_name, hex, timeZoneQuarters, iso) => {
    expect(readTimestamp(reader(hex), "timestamp")).toEqual({ raw: hex, timeZoneQuarters, iso });
  });

  it.each([
    ["month 13", "62312151436500", 0],
    ["29 February of a common year", "52209200000000", 0],
    ["day 0", "62200051436500", 0],
    ["a leap second", "62202132000600", 0],
    ["24 o'clock", "62202142000000", 0],
    ["a digit that is not decimal", "A2202151436500", 0],
    ["a zone digit that is not decimal counts as 0", "622021514365A0", 0],
    ["nothing but FF", "FFFFFFFFFFFFFF", -70],
    ["nothing but 00", "00000000000000", 0],
  ])("%s is kept raw and flagged", (_name, hex, timeZoneQuarters) => {
    const stamp = readTimestamp(reader(hex), "timestamp");
    expect(stamp).toEqual({ raw: hex, timeZoneQuarters, invalidDigits: true });
  });

  it("a moment comes back as the same moment, at every offset", () => {
    const seconds = fc.integer({ min: Date.UTC(1990, 0, 2) / 1000, max: Date.UTC(2089, 11, 30) / 1000 });
    fc.assert(
      fc.property(seconds, fc.integer({ min: -79, max: 79 }), (s, quarters) => {
        const { iso, timeZoneQuarters } = timestampOf(s * 1000, quarters);
        expect(Date.parse(iso ?? "")).toBe(s * 1000);
        expect(timeZoneQuarters).toBe(quarters);
      }),
    );
  });

  it("refuses what two digits cannot show", () => {
    expect(() => timestampOf(Date.UTC(1989, 0, 1))).toThrow(RangeError);
    expect(() => timestampOf(Number.NaN)).toThrow(RangeError);
    expect(() => timestampOf(0, 80)).toThrow(RangeError);
  });
});

describe("validity", () => {
  const MINUTE = 60;
  const HOUR = 3600;
  const DAY = 24 * HOUR;
  const WEEK = 7 * DAY;
  it.each([
    ["nothing is five minutes", 0, 0x00, 5 * MINUTE],
    ["five minutes", 5 * MINUTE, 0x00, 5 * MINUTE],
    ["a second more is ten", 5 * MINUTE + 1, 0x01, 10 * MINUTE],
    ["an hour", HOUR, 0x0b, HOUR],
    ["twelve hours", 12 * HOUR, 0x8f, 12 * HOUR],
    ["then in steps of half an hour", 12 * HOUR + 1, 0x90, 12.5 * HOUR],
    ["a day", DAY, 0xa7, DAY],
    ["then in days", DAY + 1, 0xa8, 2 * DAY],
    ["thirty days", 30 * DAY, 0xc4, 30 * DAY],
    ["then in weeks", 30 * DAY + 1, 0xc5, 5 * WEEK],
    ["63 weeks", 63 * WEEK, 0xff, 63 * WEEK],
    ["longer is not possible", 99 * WEEK, 0xff, 63 * WEEK],
  ])("%s", (_name, wanted, octet, seconds) => {
    expect(relativeValidity(wanted)).toEqual({ format: "relative", octet, seconds });
  });

  it.each([-1, Number.NaN])("refuses %d seconds", (seconds) => {
    expect(() => relativeValidity(seconds)).toThrow(PduError);
  });

  it.each([
    ["no period", "00000000000000", { singleShot: false }],
    ["single shot", "40000000000000", { singleShot: true }],
    ["a relative octet", "010B0000000000", { seconds: HOUR }],
    ["seconds", "02FF0000000000", { seconds: 255 }],
    ["hours, minutes, seconds", "03302154000000", { seconds: 11_565 }],
    ["61 minutes are no time", "03301654000000", {}],
    ["digits that are not decimal", "03302D54000000", {}],
    ["a reserved format", "07000000000000", {}],
    ["reserved bits set", "0AFF0000000000", {}],
    ["one more indicator octet", "8200FF00000000", { seconds: 255 }],
    ["indicator octets to the end", "82808080808080", {}],
  ])("enhanced: %s", (_name, raw, expected) => {
    const validity = readValidity(reader(raw), 1);
    expect(validity).toMatchObject({ format: "enhanced", raw, ...expected });
    expect("seconds" in validity).toBe("seconds" in expected);
  });

  it("an enhanced period reads back", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 359_999 }), fc.boolean(), (seconds, singleShot) => {
        expect(enhancedValidity({ seconds, singleShot })).toMatchObject({ seconds, singleShot });
      }),
    );
    expect(() => enhancedValidity({ seconds: 360_000 })).toThrow(PduError);
  });
});

describe("TP-ST", () => {
  it.each([
    [0x00, "completed"],
    [0x02, "completed"],
    [0x03, "reserved"],
    [0x10, "completed"],
    [0x20, "still-trying"],
    [0x25, "still-trying"],
    [0x26, "reserved"],
    [0x30, "still-trying"],
    [0x46, "permanent-failure"],
    [0x4a, "reserved"],
    [0x5f, "permanent-failure"],
    [0x60, "temporary-failure-final"],
    [0x6f, "reserved"],
    [0x70, "temporary-failure-final"],
    [0x80, "reserved"],
    [0x90, "reserved"],
    [0xff, "reserved"],
  ])("%i", (status, category) => {
    expect(statusCategory(status)).toBe(category);
    expect(statusText(status)).toMatch(/^[a-z].{10,}$/);
  });
});
