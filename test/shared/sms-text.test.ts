import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SegmentOptions, SmsTextError, segmentText, splitText } from "#shared/sms-text.ts";

const gsm7Character = fc.constantFrom(
  ..."@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0129:;<=>?¡ABZÄÖÑÜ§¿abzäöñüà\f^{}\\[~]|€",
);

describe("choosing the alphabet", () => {
  it.each([
    ["letters with marks that GSM has", "éèùìòÇØøÅåÆæßÉÄÖÑÜäöñüà", "gsm7"],
    ["Greek capitals that GSM has", "ΔΦΓΛΩΠΨΣΘΞ", "gsm7"],
    ["the extension table", "^{}\\[~]|€\f", "gsm7"],
    ["nothing", "", "gsm7"],
    ["a tab", "a\tb", "ucs2"],
    ["a backtick", "`", "ucs2"],
    ["small ç", "ç", "ucs2"],
    ["a curly quote", "it’s", "ucs2"],
    ["NUL", "\0", "ucs2"],
    ["the escape character itself", "\u001b", "ucs2"],
    ["a combining accent", "e\u0301", "ucs2"],
    ["an emoji", "😀", "ucs2"],
  ])("%s", (_name, text, alphabet) => {
    expect(segmentText(text)).toMatchObject({ alphabet, text, replacements: [] });
  });

  it("names each character that forces UCS-2 once, at its first place", () => {
    const { forcingUcs2 } = segmentText("a ж😀ж😁 😀ç");
    expect(forcingUcs2).toEqual([
      { character: "ж", codePoint: 0x436, index: 2 },
      { character: "😀", codePoint: 0x1f600, index: 3 },
      { character: "😁", codePoint: 0x1f601, index: 6 },
      { character: "ç", codePoint: 0xe7, index: 11 },
    ]);
  });

  it("tells characters apart that share their low bits", () => {
    const alike = ["\u0436", "\u04b6", "\u0536", "\u{10436}"];
    const { forcingUcs2 } = segmentText([...alike, ...alike.toReversed(), ...alike].join(""));
    expect(forcingUcs2.map(({ character }) => character)).toEqual(alike);
  });

  it("names exactly the characters that are not GSM 7-bit", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
        const expected = [...new Set(text)].filter((each) => segmentText(each).alphabet === "ucs2");
        expect(segmentText(text).forcingUcs2.map(({ character }) => character)).toEqual(expected);
      }),
    );
  });

  it("can be forced either way", () => {
    expect(segmentText("abc", { alphabet: "ucs2" })).toMatchObject({
      alphabet: "ucs2",
      units: 3,
      forcingUcs2: [],
    });
    expect(() => segmentText("abж", { alphabet: "gsm7" })).toThrow(
      expect.objectContaining({ name: "SmsTextError", code: "not-encodable", index: 2 }),
    );
  });

  it.each([
    ["high alone", "a\ud83d", 1],
    ["low alone", "\ude00", 0],
    ["the wrong way round", "ab\ude00\ud83d", 2],
    ["before a letter", "x\ud83dy", 1],
  ])("half of a surrogate pair is refused: %s", (_name, text, index) => {
    for (const alphabet of ["auto", "ucs2", "gsm7"] as const) {
      expect(() => splitText(text, { alphabet })).toThrow(SmsTextError);
      expect(() => segmentText(text, { alphabet })).toThrow(
        expect.objectContaining({ code: "lone-surrogate", index }),
      );
    }
  });
});

describe("how many segments", () => {
  const row = (text: string, options: SegmentOptions, ...units: number[]) =>
    [`${text.slice(0, 3)}… × ${text.length}, ${JSON.stringify(options)}`, text, options, units] as const;

  it.each([
    row("", {}, 0),
    row("a".repeat(160), {}, 160),
    row("a".repeat(161), {}, 153, 8),
    row("a".repeat(161), { referenceBits: 16 }, 152, 9),
    row(`${"a".repeat(152)}€${"b".repeat(8)}`, {}, 152, 10),
    row(`${"a".repeat(151)}€${"b".repeat(8)}`, {}, 153, 8),
    row("€".repeat(80), {}, 160),
    row("€".repeat(81), {}, 152, 10),
    row("ж".repeat(70), {}, 70),
    row("ж".repeat(71), {}, 67, 4),
    row("ж".repeat(71), { referenceBits: 16 }, 66, 5),
    row("😀".repeat(35), {}, 70),
    row("😀".repeat(36), {}, 66, 6),
    row(`ж${"😀".repeat(35)}`, {}, 67, 4),
    row("a".repeat(71), { alphabet: "ucs2" }, 67, 4),
    row(`ş${"a".repeat(153)}`, { languages: ["turkish"] }, 155),
    row(`ş${"a".repeat(154)}`, { languages: ["turkish"] }, 155),
    row(`ş${"a".repeat(155)}`, { languages: ["turkish"] }, 149, 8),
    row(`ş${"a".repeat(155)}`, { languages: ["turkish"], referenceBits: 16 }, 148, 9),
    row(`á${"a".repeat(153)}`, { languages: ["spanish"] }, 155),
    row(`ã${"a".repeat(153)}`, { languages: ["portuguese"] }, 155),
  ])("%s", (_name, text, options, units) => {
    const { segments, unitsPerSegment } = segmentText(text, options);
    expect(segments.map((segment) => segment.units)).toEqual(units);
    expect(Math.max(...units)).toBeLessThanOrEqual(unitsPerSegment);
  });

  const text = fc.oneof(
    fc.string({ unit: gsm7Character, maxLength: 700, size: "max" }),
    fc.string({ unit: "binary", maxLength: 300, size: "max" }),
    fc.string({ unit: fc.constantFrom("a", "€", "ж", "😀", "ş", "ã"), maxLength: 400, size: "max" }),
  );
  const options = fc.record({
    referenceBits: fc.constantFrom(8 as const, 16 as const),
    languages: fc.subarray(["turkish", "spanish", "portuguese"] as const),
    alphabet: fc.constantFrom("auto" as const, "ucs2" as const),
  });

  it("the split that is sent is the one that was counted", () => {
    fc.assert(
      fc.property(text, options, fc.boolean(), (whole, chosen, transliterate) => {
        const counted = segmentText(whole, { ...chosen, transliterate });
        expect(splitText(whole, { ...chosen, transliterate })).toEqual({ ...counted, forcingUcs2: [] });
      }),
    );
  });

  it("no more than 255, or than asked for", () => {
    expect(segmentText("a".repeat(255 * 153)).segments.length).toBe(255);
    const tooLong = expect.objectContaining({ name: "SmsTextError", code: "too-long" });
    expect(() => segmentText("a".repeat(255 * 153 + 1))).toThrow(tooLong);
    expect(() => segmentText("a".repeat(255 * 153 + 1), { maxSegments: 1000 })).toThrow(tooLong);
    expect(() => segmentText("a".repeat(161), { maxSegments: 1 })).toThrow(
      /needs 2 segments of 153 septets, at most 1/,
    );
  });

  it("nothing is lost or too long, no pair is cut, and no segment could take the next character", () => {
    fc.assert(
      fc.property(text, options, (whole, chosen) => {
        const { segments, unitsPerSegment, units, text: sent } = segmentText(whole, chosen);
        expect(sent).toBe(whole);
        expect(segments.map((segment) => segment.text).join("")).toBe(whole);
        expect(segments.reduce((sum, segment) => sum + segment.units, 0)).toBe(units);
        for (const segment of segments) {
          expect(segment.units).toBeLessThanOrEqual(unitsPerSegment);
          expect(segment.text.isWellFormed()).toBe(true);
        }
        for (const segment of segments.slice(0, -1)) {
          expect(segment.units).toBeGreaterThanOrEqual(unitsPerSegment - 1);
        }
      }),
    );
  });

  it("7-bit is taken when it can be, and costs what its characters cost", () => {
    fc.assert(
      fc.property(fc.string({ unit: gsm7Character, maxLength: 400, size: "max" }), (whole) => {
        const extension = [...whole].filter((each) => "\f^{}\\[~]|€".includes(each)).length;
        expect(segmentText(whole)).toMatchObject({ alphabet: "gsm7", units: whole.length + extension });
      }),
    );
  });

  it("results are frozen", () => {
    const result = segmentText(`ж${"a".repeat(100)}`);
    for (const each of [
      result,
      result.segments,
      result.segments[0],
      result.forcingUcs2,
      result.replacements,
    ]) {
      expect(Object.isFrozen(each)).toBe(true);
    }
  });
});

describe("national languages", () => {
  it("are used only when allowed and needed", () => {
    expect(segmentText("şeker")).toMatchObject({ alphabet: "ucs2" });
    expect(segmentText("şeker", { languages: ["turkish"] })).toMatchObject({
      alphabet: "gsm7",
      singleShift: 1,
      lockingShift: 0,
    });
    expect(segmentText("seker", { languages: ["turkish"] })).toMatchObject({
      singleShift: 0,
      lockingShift: 0,
      unitsPerSegment: 160,
    });
    expect(segmentText("жeker", { languages: ["turkish"] })).toMatchObject({ alphabet: "ucs2" });
  });

  it("take the locking table where it saves a segment or septets", () => {
    expect(segmentText("ğüşİöç".repeat(20), { languages: ["turkish"] })).toMatchObject({
      lockingShift: 1,
      segments: [{ units: 120 }],
    });
  });

  it("the language that fits is found among several", () => {
    const languages = ["turkish", "spanish", "portuguese"] as const;
    expect(segmentText("ação", { languages })).toMatchObject({ alphabet: "gsm7", singleShift: 3 });
    expect(segmentText("Ángel í", { languages })).toMatchObject({ alphabet: "gsm7", singleShift: 2 });
  });
});

describe("transliteration", () => {
  it.each([
    ["quotes and dashes of word processors", "‘a’ “b” – —…", "'a' \"b\" - -..."],
    ["letters with marks that GSM lacks", "ćžőĄčńá", "czoAcna"],
    ["letters that do not decompose", "łŁđøþœı", "lLdøthoei"],
    ["a composed letter", "e\u0301u\u0308", "éü"],
    ["blanks", "a\u00a0b\tc\u200bd", "a b cd"],
    ["signs", "© ® ™ № ½", "(C) (R) TM No. 1/2"],
    ["Greek", "Καλημέρα", "KAΛHMEPA"],
    ["ligatures and full width", "ﬁ Ａ", "fi A"],
    ["a mark that stands alone", "\u0301a", "a"],
  ])("%s", (_name, text, expected) => {
    expect(segmentText(text, { transliterate: true })).toMatchObject({
      alphabet: "gsm7",
      text: expected,
      forcingUcs2: [],
    });
  });

  it("changes are reported with their place", () => {
    expect(segmentText("Zażółć…", { transliterate: true }).replacements).toEqual([
      { from: "ż", to: "z", index: 2 },
      { from: "ó", to: "o", index: 3 },
      { from: "ł", to: "l", index: 4 },
      { from: "ć", to: "c", index: 5 },
      { from: "…", to: "...", index: 6 },
    ]);
  });

  it("all or nothing: what goes out as UCS-2 anyway is not changed", () => {
    const text = "“ж”";
    expect(segmentText(text, { transliterate: true })).toMatchObject({
      alphabet: "ucs2",
      text,
      replacements: [],
    });
    expect(() => segmentText(text, { transliterate: true, alphabet: "gsm7" })).toThrow(SmsTextError);
  });

  it("a text that fits is never changed", () => {
    fc.assert(
      fc.property(fc.string({ unit: gsm7Character }), (text) => {
        expect(segmentText(text, { transliterate: true })).toMatchObject({ text, replacements: [] });
      }),
    );
  });

  it("a national table is better than a replacement, and leaves less to replace", () => {
    const options = { languages: ["turkish"], transliterate: true } as const;
    expect(segmentText("şğ", options)).toMatchObject({ text: "şğ", replacements: [] });
    expect(segmentText("“şğ”", options)).toMatchObject({
      text: '"şğ"',
      singleShift: 1,
      replacements: [{ from: "“" }, { from: "”" }],
    });
  });

  it("replaying the changes gives the text that was sent", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "“", "…", "ć", "e\u0301", "é", "€", " ", "\u200b") }),
        (text) => {
          const { replacements, text: sent } = segmentText(text, { transliterate: true });
          let replayed = "";
          let at = 0;
          for (const { from, to, index } of replacements) {
            replayed += text.slice(at, index) + to;
            at = index + from.length;
          }
          expect(replayed + text.slice(at)).toBe(sent);
        },
      ),
    );
  });
});
