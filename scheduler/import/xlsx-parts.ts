/** The parts of a workbook around its sheets: which sheets there are, shared texts, formats that mean a date. */
import { TextDecoder } from "node:util";
import { SHARED_TEXT_CHARS_MAX } from "./limits.ts";
import { FileRefused } from "./refused.ts";
import { createSharedTexts, type SharedTexts } from "./shared-texts.ts";
import { attributeOf, createXmlReader, type XmlHandler } from "./xml.ts";
import type { Zip, ZipEntry } from "./zip.ts";

export interface WorkbookParts {
  readonly sheets: readonly { readonly name: string; readonly entry: ZipEntry }[];
  readonly sharedTexts: SharedTexts;
  /** By the number of a cell's format (`s`): whether its number is a day. */
  readonly isDate: readonly boolean[];
  /** Days are counted from 1904-01-01 and not from 1899-12-30 (ECMA-376 18.2.28). */
  readonly from1904: boolean;
}

export async function readXml(zip: Zip, entry: ZipEntry, handler: XmlHandler): Promise<void> {
  const reader = createXmlReader(handler);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for await (const chunk of zip.read(entry)) reader.write(decodeUtf8(decoder, chunk));
  reader.write(decodeUtf8(decoder));
  reader.end();
}

/** `chunk` undefined: the end. */
export function decodeUtf8(decoder: TextDecoder, chunk?: Uint8Array, row?: number): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    throw new FileRefused("workbook_damaged", "The workbook is not in UTF-8 here. Save it anew.", row);
  }
}

const NOTHING: XmlHandler = { open() {}, close() {}, text() {} };

export async function readParts(zip: Zip): Promise<WorkbookParts> {
  const root = await readRelations(zip, "");
  const workbookName = [...root.values()].find((relation) =>
    relation.type.endsWith("/officeDocument"),
  )?.target;
  const workbook = zip.entries.get(workbookName ?? "xl/workbook.xml");
  if (workbook === undefined)
    throw new FileRefused(
      "format_unknown",
      "The file is a zip, but no .xlsx workbook. Open it and save it as .xlsx.",
    );
  const sheets: { name: string; relation: string; hidden: boolean }[] = [];
  let from1904 = false;
  await readXml(zip, workbook, {
    ...NOTHING,
    open(name, attributes) {
      if (name === "workbookPr") from1904 = /^(1|true)$/.test(attributeOf(attributes, "date1904") ?? "");
      if (name === "sheet")
        sheets.push({
          name: attributeOf(attributes, "name") ?? "",
          relation: attributeOf(attributes, "id") ?? "",
          hidden: (attributeOf(attributes, "state") ?? "visible") !== "visible",
        });
    },
  });
  const relations = await readRelations(zip, workbook.name);
  const part = (type: string): ZipEntry | undefined =>
    zip.entries.get([...relations.values()].find((relation) => relation.type.endsWith(type))?.target ?? "");
  return {
    sheets: sheets
      .filter((sheet) => !sheet.hidden)
      .flatMap(({ name, relation }) => {
        const target = relations.get(relation);
        const entry = target?.type.endsWith("/worksheet") ? zip.entries.get(target.target) : undefined;
        return entry === undefined ? [] : [{ name, entry }];
      }),
    sharedTexts: await readSharedTexts(zip, part("/sharedStrings")),
    isDate: await readDateFormats(zip, part("/styles")),
    from1904,
  };
}

interface Relation {
  readonly type: string;
  readonly target: string;
}

/** ECMA-376 part 2, 9.3: `folder/_rels/name.rels`, targets relative to the folder unless they begin with "/". */
async function readRelations(zip: Zip, of: string): Promise<Map<string, Relation>> {
  const slash = of.lastIndexOf("/") + 1;
  const folder = of.slice(0, slash);
  const relations = new Map<string, Relation>();
  const entry = zip.entries.get(`${folder}_rels/${of.slice(slash)}.rels`);
  if (entry === undefined) return relations;
  await readXml(zip, entry, {
    ...NOTHING,
    open(name, attributes) {
      if (name !== "Relationship" || attributeOf(attributes, "TargetMode") === "External") return;
      const target = attributeOf(attributes, "Target") ?? "";
      relations.set(attributeOf(attributes, "Id") ?? "", {
        type: attributeOf(attributes, "Type") ?? "",
        target: target.startsWith("/") ? target.slice(1) : folder + target.replace(/^\.\//, ""),
      });
    },
  });
  return relations;
}

/** ECMA-376 18.4.8: a text, or runs of rich text; `rPh` is how it is pronounced and no part of it. */
async function readSharedTexts(zip: Zip, entry: ZipEntry | undefined): Promise<SharedTexts> {
  const texts = createSharedTexts();
  if (entry === undefined) return texts;
  let text = "";
  let inText = false;
  let phonetic = 0;
  let characters = 0;
  await readXml(zip, entry, {
    open(name) {
      if (name === "si") text = "";
      if (name === "rPh") phonetic++;
      inText = name === "t" && phonetic === 0;
    },
    close(name) {
      if (name === "rPh") phonetic--;
      if (name === "t") inText = false;
      if (name === "si") texts.add(text);
    },
    text(piece) {
      if (!inText) return;
      characters += piece.length;
      if (characters > SHARED_TEXT_CHARS_MAX)
        throw new FileRefused("workbook_bomb", "The workbook holds more text than is taken. Save it as CSV.");
      text += piece;
    },
  });
  return texts;
}

/** ECMA-376 18.8.30: formats that every program knows by number and that show a day. */
const BUILT_IN_DATES = new Set([
  14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58,
]);

async function readDateFormats(zip: Zip, entry: ZipEntry | undefined): Promise<boolean[]> {
  if (entry === undefined) return [];
  const custom = new Map<number, boolean>();
  const formats: boolean[] = [];
  let inCells = false;
  await readXml(zip, entry, {
    ...NOTHING,
    open(name, attributes) {
      if (name === "cellXfs") inCells = true;
      const id = Number(attributeOf(attributes, "numFmtId") ?? 0);
      if (name === "numFmt") custom.set(id, showsDay(attributeOf(attributes, "formatCode") ?? ""));
      if (name === "xf" && inCells) formats.push(custom.get(id) ?? BUILT_IN_DATES.has(id));
    },
    close(name) {
      if (name === "cellXfs") inCells = false;
    },
  });
  return formats;
}

/** A format code shows a day when it has a year or a day outside of quotes, escapes and colours. */
export function showsDay(code: string): boolean {
  const bare = code.replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, "");
  return /[yd]/i.test(bare.split(";")[0] ?? "");
}
