/** What the property tests of the codec draw from. */
import fc from "fast-check";
import { codingOctet } from "#hardware/pdu/coding.ts";
import { concatenationElement, portsElement, shiftElements } from "#hardware/pdu/header.ts";
import { timestampOf } from "#hardware/pdu/timestamp.ts";
import type { Address, InformationElement, ValidityPeriod } from "#hardware/pdu/types.ts";
import type { UserDataFields } from "#hardware/pdu/user-data.ts";
import { enhancedValidity, relativeValidity } from "#hardware/pdu/validity.ts";
import { lockingCodes, shiftCodes } from "#shared/sms-text.ts";

function symbols(codes: Uint16Array): string[] {
  return [...codes]
    .filter((code) => code !== 0 && code !== 0x1b && code !== 0xfffd)
    .map((code) => String.fromCharCode(code));
}

const GSM7_SYMBOLS = [...symbols(lockingCodes(0)), ...symbols(shiftCodes(0))];

/** Characters of the default alphabet and its extension. */
export const gsm7Character = fc.constantFrom(...GSM7_SYMBOLS);

export function gsm7Text(maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: gsm7Character, maxLength, size: "max" });
}

/** Any well-formed Unicode. */
export function unicodeText(maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: "binary", maxLength, size: "max" });
}

export const octet = fc.integer({ min: 0, max: 255 });

export function octets(maxLength: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ maxLength, size: "max" });
}

const digits = fc.string({ unit: fc.constantFrom(..."0123456789*#abc"), maxLength: 20 });

/** TON 5 is the name of a sender and has no digits. */
const numericAddress = fc.record({
  ton: fc.constantFrom(0, 1, 2, 3, 4, 6, 7),
  npi: fc.integer({ min: 0, max: 15 }),
  digits,
});

const nameSymbol = fc.constantFrom(...symbols(lockingCodes(0)));

const nameAddress = fc.record({
  ton: fc.constant(5 as const),
  npi: fc.constant(0),
  text: fc.string({ unit: nameSymbol, maxLength: 11 }),
});

export const address: fc.Arbitrary<Address> = fc.oneof(numericAddress, nameAddress);

export const serviceCentre: fc.Arbitrary<Address | null> = fc.option(numericAddress, { nil: null });

export const phoneNumber: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom("+", ""), fc.stringMatching(/^[1-9][0-9]{2,14}$/))
  .map((parts) => parts.join(""));

const quarters = fc.integer({ min: -79, max: 79 });
const moment = fc.integer({ min: Date.UTC(1990, 0, 2) / 1000, max: Date.UTC(2089, 11, 30) / 1000 });

export const timestamp = fc.tuple(moment, quarters).map(([s, zone]) => timestampOf(s * 1000, zone));

export const validity: fc.Arbitrary<ValidityPeriod> = fc.oneof(
  fc.constant<ValidityPeriod>({ format: "none" }),
  fc.integer({ min: 0, max: 50_000_000 }).map(relativeValidity),
  timestamp.map((time): ValidityPeriod => ({ format: "absolute", time })),
  fc
    .record({ seconds: fc.integer({ min: 0, max: 359_999 }), singleShot: fc.boolean() })
    .map((period) => enhancedValidity(period)),
);

const concatenation = fc
  .record({
    referenceBits: fc.constantFrom(8 as const, 16 as const),
    reference: octet,
    total: fc.integer({ min: 1, max: 255 }),
    sequence: fc.integer({ min: 1, max: 255 }),
  })
  .map((each) => concatenationElement({ ...each, sequence: Math.min(each.sequence, each.total) }));

const ports = fc
  .record({ bits: fc.constantFrom(8 as const, 16 as const), destination: octet, source: octet })
  .map(portsElement);

const unknownElement: fc.Arbitrary<InformationElement> = fc.record({
  iei: fc.integer({ min: 0x70, max: 0x7f }),
  data: octets(8),
});

export const header = fc.array(fc.oneof(concatenation, ports, unknownElement), { maxLength: 3 });

export interface Content {
  readonly coding: number;
  readonly userData: UserDataFields;
}

const messageClass = fc.option(fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const), {
  nil: undefined,
});

/** User data of every alphabet that fits in one PDU, header included. */
export const content: fc.Arbitrary<Content> = fc.oneof(
  fc.record({ header, text: gsm7Text(50), class: messageClass }).map((each) => ({
    coding: codingOctet("gsm7", each.class),
    userData: { header: each.header, text: each.text },
  })),
  fc.record({ header, text: unicodeText(40), class: messageClass }).map((each) => ({
    coding: codingOctet("ucs2", each.class),
    userData: { header: each.header, text: each.text.slice(0, 48).toWellFormed() },
  })),
  fc.record({ header, data: octets(96), class: messageClass }).map((each) => ({
    coding: codingOctet("8bit", each.class),
    userData: { header: each.header, data: each.data },
  })),
  fc
    .record({
      shift: fc.constantFrom([1, 0], [0, 1], [1, 1], [2, 0], [3, 0], [0, 3], [3, 3]),
      text: gsm7Text(60),
    })
    .map(({ shift: [single = 0, locking = 0], text }) => ({
      coding: 0,
      userData: { header: shiftElements(single, locking), text: text.replace(/[^A-Za-z0-9 ]/g, "") },
    })),
);
