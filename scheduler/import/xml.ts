/**
 * The XML of a workbook, piece by piece. SpreadsheetML (ECMA-376) needs elements, attributes, text and the
 * five entities; a document type is refused, so that there is nothing to expand and nothing to fetch.
 */
import { FileRefused } from "./refused.ts";

export interface XmlHandler {
  /** `name` without its prefix; `attributes` as written, for `attributeOf`. */
  open(name: string, attributes: string): void;
  close(name: string): void;
  /** A piece of text, entities resolved; one text may come in several pieces. */
  text(piece: string): void;
}

export interface XmlReader {
  write(piece: string): void;
  /** @throws FileRefused when elements are still open. */
  end(): void;
}

/** Characters of one tag; a cell's takes fifty. */
const TAG_CHARS_MAX = 65_536;
const DEPTH_MAX = 64;

export function createXmlReader(handler: XmlHandler): XmlReader {
  let rest = "";
  const open: string[] = [];
  const element = (inside: string): void => {
    if (inside.startsWith("/")) {
      const name = localName(inside.slice(1).trimEnd());
      if (open.pop() !== name) throw broken("its tags do not match");
      handler.close(name);
      return;
    }
    const selfClosing = inside.endsWith("/");
    const body = selfClosing ? inside.slice(0, -1) : inside;
    const space = body.search(/\s/);
    const name = localName(space === -1 ? body : body.slice(0, space));
    handler.open(name, space === -1 ? "" : body.slice(space));
    if (selfClosing) handler.close(name);
    else if (open.push(name) > DEPTH_MAX) throw broken("its elements are nested too deeply");
  };
  const write = (piece: string): void => {
    rest += piece;
    let at = 0;
    for (;;) {
      const tag = rest.indexOf("<", at);
      const textEnd = tag === -1 ? safeTextEnd(rest, at) : tag;
      if (textEnd > at && open.length > 0) handler.text(resolveEntities(rest.slice(at, textEnd)));
      at = textEnd;
      if (tag === -1) break;
      const end = endOfMarkup(rest, tag);
      if (end === undefined) break;
      if (rest.startsWith("<![CDATA[", tag)) handler.text(rest.slice(tag + 9, end - 3));
      else if (rest[tag + 1] !== "?" && rest[tag + 1] !== "!") element(rest.slice(tag + 1, end - 1));
      at = end;
    }
    rest = rest.slice(at);
    if (rest.length > TAG_CHARS_MAX) throw broken("a tag in it has no end");
  };
  return {
    write,
    end() {
      if (open.length > 0 || rest.trim() !== "") throw broken("it ends too early");
    },
  };
}

function broken(why: string): FileRefused {
  return new FileRefused("workbook_damaged", `The workbook's XML is not well-formed: ${why}. Save it anew.`);
}

/** Just after the markup that begins at `from`; undefined while its end has not come. */
function endOfMarkup(text: string, from: number): number | undefined {
  const after = (mark: string, at: number): number | undefined => {
    const end = text.indexOf(mark, at);
    return end === -1 ? undefined : end + mark.length;
  };
  if (text.startsWith("<!--", from)) return after("-->", from + 4);
  if (text.startsWith("<![CDATA[", from)) return after("]]>", from + 9);
  if (text.startsWith("<?", from)) return after("?>", from + 2);
  if (text.startsWith("<!", from)) {
    // Could still become a comment or CDATA while the piece is short.
    if (
      text.length - from < 9 &&
      ("<!--".startsWith(text.slice(from)) || "<![CDATA[".startsWith(text.slice(from)))
    )
      return undefined;
    throw broken("it has a document type, which no spreadsheet writes");
  }
  return endOfTag(text, from);
}

/** `>` is allowed inside an attribute's quotes (XML 1.0 2.3). */
function endOfTag(text: string, from: number): number | undefined {
  for (let end = text.indexOf(">", from); end !== -1; end = text.indexOf(">", end + 1))
    if (quotesAreClosed(text.slice(from, end))) return end + 1;
  return undefined;
}

function quotesAreClosed(tag: string): boolean {
  // Nearly every tag: no quotes at all, or double ones only and the last of them at its end.
  if (!tag.includes("'")) {
    if (!tag.includes('"')) return true;
    if (tag.endsWith('"') || tag.endsWith('"/')) return true;
  }
  let quote = "";
  for (const character of tag) {
    if (quote === "" && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = "";
  }
  return quote === "";
}

/** Text may be handed on as it comes, but an entity must not be cut. */
function safeTextEnd(text: string, from: number): number {
  const entity = text.lastIndexOf("&");
  return entity >= from && text.indexOf(";", entity) === -1 && text.length - entity < 12
    ? entity
    : text.length;
}

function localName(name: string): string {
  const colon = name.indexOf(":");
  return colon === -1 ? name : name.slice(colon + 1);
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function resolveEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|[a-z]{2,4});?/g, (_, name: string) => {
    if (!name.startsWith("#")) return ENTITIES[name] ?? fail();
    const code = name.startsWith("#x") ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0x10ffff ? fail() : String.fromCodePoint(code);
  });
}

function fail(): never {
  throw broken("it has an entity that XML does not know");
}

/** The value of an attribute, by its name without a prefix. */
export function attributeOf(attributes: string, name: string): string | undefined {
  for (let at = attributes.indexOf(name); at !== -1; at = attributes.indexOf(name, at + 1)) {
    const before = attributes[at - 1];
    if (before !== undefined && !/[\s:]/.test(before)) continue;
    const match = /^\s*=\s*("([^"]*)"|'([^']*)')/.exec(attributes.slice(at + name.length));
    if (match) return resolveEntities(match[2] ?? match[3] ?? "");
  }
  return undefined;
}
