/** Which charset a list is in: told from the whole file, or refused with the row that spoils it. */

import { describe, expect, test } from "vitest";
import { readList as read } from "./read-list.ts";

/** Encodes by looking each octet up in the decoder, so that no second table can be wrong. */
function encode(text: string, label: string): Uint8Array {
  const decoder = new TextDecoder(label);
  const octets = new Map(Array.from({ length: 256 }, (_, i) => [decoder.decode(Uint8Array.of(i)), i]));
  return Uint8Array.from([...text].map((character) => octets.get(character) ?? 0x3f));
}

describe("charsets", () => {
  const texts: readonly [label: string, country: string, text: string][] = [
    ["windows-1252", "DE", "Müller;Straße;Weiß;Jäger;Grün"],
    ["windows-1252", "ES", "Muñoz;Peña;José;García;Ibáñez"],
    ["windows-1252", "FR", "François;Hélène;Château;Noël;Lefèvre"],
    ["windows-1250", "PL", "Wiśniewski;Łukasz;Kowalczyk;Zając;Błażej;Różański"],
    ["windows-1250", "CZ", "Dvořák;Procházka;Kučera;Veselý;Němec;Růžička"],
    ["windows-1250", "HU", "Erdős;Szűcs;Tóth;Kőműves;Győző"],
    ["windows-1251", "BG", "Иванов;Петрова;Георгиев;Димитрова"],
    ["windows-1253", "GR", "Παπαδόπουλος;Νικολάου;Γεωργίου"],
    ["windows-1254", "TR", "Yılmaz;Şahin;Öztürk;Çelik;Doğan"],
    ["macintosh", "DE", "Müller;Straße;Jäger;Größe"],
  ];
  test.each(texts)("%s from %s", async (label, country, text) => {
    const { format, rows } = await read(encode(`${text}\n${text}\n`, label), { country });
    expect(format.charset).toBe(label);
    expect(rows[0]?.cells).toEqual(text.split(";"));
  });

  test("UTF-8 is told although its first accent comes in the last row", async () => {
    const { format, rows } = await read(`${"plain;text\n".repeat(200_000)}Müller;Ende\n`);
    expect(format.charset).toBe("utf-8");
    expect(rows.at(-1)).toEqual({ row: 200_001, cells: ["Müller", "Ende"] });
  });

  test("byte order marks and UTF-16 with and without one", async () => {
    const text = "Größe;1\nMünchen;2\n";
    const le = Buffer.from(text, "utf16le");
    const be = Buffer.from(le).swap16();
    for (const [bytes, charset] of [
      [Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]), "utf-8"],
      [Buffer.concat([Buffer.from([0xff, 0xfe]), le]), "utf-16le"],
      [Buffer.concat([Buffer.from([0xfe, 0xff]), be]), "utf-16be"],
      [le, "utf-16le"],
      [be, "utf-16be"],
    ] as const) {
      const { format, rows } = await read(bytes);
      expect(format.charset).toBe(charset);
      expect(rows.map((row) => row.cells[0])).toEqual(["Größe", "München"]);
    }
  });

  test("a euro sign alone does not make a charset of the East", async () => {
    const { format } = await read(encode("Preis;12,50 €\nMueller;3,00 €\n", "windows-1252"), {
      country: "PL",
    });
    const { rows } = await read(encode("Preis;12,50 €\n", "windows-1252"));
    expect(rows[0]?.cells[1]).toBe("12,50 €");
    expect(["windows-1252", "windows-1250"]).toContain(format.charset);
  });

  test("a file put together from two charsets is refused with the row, unless its charset is named", async () => {
    const mixed = Buffer.concat([
      Buffer.from("Name;Ort\nMüller;Köln\n"),
      encode("Jäger;Köln\n", "windows-1252"),
    ]);
    await expect(read(mixed)).rejects.toMatchObject({ code: "text_broken", row: 3 });
    const { format } = await read(mixed, { charset: "windows-1252" });
    expect(format.charset).toBe("windows-1252");
  });

  test("a few names that were spoilt before do not spoil the list", async () => {
    const plain = encode("Name;Ort\n".concat("Jäger;Köln\n".repeat(30)), "windows-1252");
    const { format } = await read(Buffer.concat([plain, Buffer.from("Müller;Bonn\n")]));
    expect(format.charset).toBe("windows-1252");
  });

  test("an unknown charset is refused by name", async () => {
    await expect(read("a;b\n", { charset: "klingon" })).rejects.toMatchObject({ code: "charset_unknown" });
  });
});
