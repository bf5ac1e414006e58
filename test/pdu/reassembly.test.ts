import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinUserData, reassemblyKey } from "#hardware/pdu/reassembly.ts";
import type { UserData } from "#hardware/pdu/types.ts";
import { gsm7Text, octets, unicodeText } from "./arbitraries.ts";

describe("joining the parts of a message", () => {
  const part = (fields: Partial<UserData>): UserData => ({ length: 0, header: [], ...fields });

  it("surrogate pairs that the sender cut in two come together", () => {
    fc.assert(
      fc.property(
        unicodeText(60),
        fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 3 }),
        (text, cuts) => {
          const bytes = Buffer.from(text, "utf16le").swap16();
          const at = [...new Set([0, ...cuts.map((cut) => Math.min(2 * cut, bytes.length)), bytes.length])];
          const sorted = at.sort((a, b) => a - b);
          const parts = sorted.slice(1).map((end, i) => bytes.subarray(sorted[i], end));
          const joined = joinUserData(parts.map((data) => part({ data, text: data.toString("hex") })));
          expect(joined.text).toBe(text);
        },
      ),
    );
  });

  it("an escape and its character that were cut in two come together", () => {
    const first = part({ text: "A ", escapeAtEnd: true });
    expect(joinUserData([first, part({ text: "e uro" })]).text).toBe("A€ uro");
    expect(joinUserData([first, part({ text: "A" })]).text).toBe("A A");
    expect(joinUserData([first, part({ data: Uint8Array.of(0, 0x65), text: "e" })]).text).toBe("A e");
  });

  it("7-bit parts are joined as text, octets as octets", () => {
    fc.assert(
      fc.property(fc.array(gsm7Text(20), { minLength: 1 }), (texts) => {
        expect(joinUserData(texts.map((text) => part({ text }))).text).toBe(texts.join(""));
      }),
    );
    fc.assert(
      fc.property(fc.array(octets(20), { minLength: 1 }), (parts) => {
        const { data } = joinUserData(parts.map((each) => part({ data: each })));
        expect(Buffer.from(data ?? []).equals(Buffer.concat(parts))).toBe(true);
      }),
    );
  });

  it("a 7-bit part among UCS-2 parts keeps its place", () => {
    const ucs2 = (text: string) => part({ text, data: Buffer.from(text, "utf16le").swap16() });
    expect(joinUserData([ucs2("жи"), part({ text: "[x]" }), ucs2("😀")]).text).toBe("жи[x]😀");
  });

  it("parts of different messages have different keys", () => {
    const sender = { ton: 1, npi: 1, digits: "49170" };
    const concatenation = { referenceBits: 8, reference: 1, total: 2, sequence: 1 } as const;
    const key = reassemblyKey(sender, concatenation);
    expect(reassemblyKey(sender, { ...concatenation, sequence: 2 })).toBe(key);
    const others = [
      reassemblyKey({ ...sender, digits: "49171" }, concatenation),
      reassemblyKey({ ton: 5, npi: 0, text: "49170" }, concatenation),
      reassemblyKey(sender, { ...concatenation, reference: 2 }),
      reassemblyKey(sender, { ...concatenation, total: 3 }),
      reassemblyKey(sender, { ...concatenation, referenceBits: 16 }),
    ];
    expect(new Set([key, ...others]).size).toBe(6);
  });
});
