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

const SPACE = 0x20;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const SLASH = 0x2f;
const COLON = 0x3a;
const GREATER = 0x3e;
const EXCLAMATION = 0x21;
const QUESTION = 0x3f;

export function createXmlReader(handler: XmlHandler): XmlReader {
  let rest = "";
  /** Names of the elements that are open, without prefixes. */
  const open: string[] = [];

  /** Answers where the tag ends; undefined while its end has not come. */
  const openTag = (from: number): number | undefined => {
    const tag = tagAt(rest, from);
    if (tag === undefined) return undefined;
    const selfClosing = rest.charCodeAt(tag.end - 2) === SLASH;
    const bodyEnd = tag.end - (selfClosing ? 2 : 1);
    const nameEnd = Math.min(tag.nameEnd, bodyEnd);
    const name = localName(rest.slice(from + 1, nameEnd));
    handler.open(name, nameEnd === bodyEnd ? "" : rest.slice(nameEnd, bodyEnd));
    if (selfClosing) handler.close(name);
    else if (open.push(name) > DEPTH_MAX) throw broken("its elements are nested too deeply");
    return tag.end;
  };
  const closeTag = (from: number): number | undefined => {
    const name = open.at(-1);
    // Nearly every one: exactly the name that is open, and nothing else.
    const plainEnd = from + 2 + (name?.length ?? 0);
    const isPlain =
      rest.charCodeAt(plainEnd) === GREATER && name !== undefined && rest.startsWith(name, from + 2);
    const end = isPlain ? plainEnd : rest.indexOf(">", from);
    if (end === -1) return undefined;
    if (name === undefined || (!isPlain && localName(rest.slice(from + 2, end).trimEnd()) !== name))
      throw broken("its tags do not match");
    open.pop();
    handler.close(name);
    return end + 1;
  };
  const markup = (from: number): number | undefined => {
    const end = endOfMarkup(rest, from);
    if (end !== undefined && rest.startsWith("<![CDATA[", from)) handler.text(rest.slice(from + 9, end - 3));
    return end;
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
      const first = rest.charCodeAt(tag + 1);
      const read =
        first === SLASH ? closeTag : first === EXCLAMATION || first === QUESTION ? markup : openTag;
      const end = read(tag);
      if (end === undefined) break;
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

/** Just after the comment, CDATA or instruction at `from`; undefined while its end has not come. */
function endOfMarkup(text: string, from: number): number | undefined {
  const after = (mark: string, at: number): number | undefined => {
    const end = text.indexOf(mark, at);
    return end === -1 ? undefined : end + mark.length;
  };
  if (text.startsWith("<!--", from)) return after("-->", from + 4);
  if (text.startsWith("<![CDATA[", from)) return after("]]>", from + 9);
  if (text.startsWith("<?", from)) return after("?>", from + 2);
  // Could still become a comment or CDATA while the piece is short.
  if (
    text.length - from < 9 &&
    ("<!--".startsWith(text.slice(from)) || "<![CDATA[".startsWith(text.slice(from)))
  )
    return undefined;
  throw broken("it has a document type, which no spreadsheet writes");
}

/**
 * Where the name of the tag at `from` ends, and just after the tag; undefined while its end has not come.
 * `>` is allowed inside an attribute's quotes (XML 1.0 2.3). One look at each character: a sheet has millions.
 */
function tagAt(text: string, from: number): { readonly nameEnd: number; readonly end: number } | undefined {
  let nameEnd = 0;
  let quote = 0;
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === GREATER) return { nameEnd: nameEnd === 0 ? at : nameEnd, end: at + 1 };
    else if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) quote = code;
    else if (code <= SPACE && nameEnd === 0) nameEnd = at;
  }
  return undefined;
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

/** The value of an attribute, by its name without a prefix. @throws FileRefused when they are not well-formed. */
export function attributeOf(attributes: string, name: string): string | undefined {
  let at = 0;
  for (;;) {
    const equals = attributes.indexOf("=", at);
    if (equals === -1) return undefined;
    let opening = equals + 1;
    while (attributes.charCodeAt(opening) <= SPACE) opening++;
    const quote = attributes.charCodeAt(opening);
    if (quote !== DOUBLE_QUOTE && quote !== SINGLE_QUOTE) throw broken("an attribute has no quotes");
    const closing = attributes.indexOf(quote === DOUBLE_QUOTE ? '"' : "'", opening + 1);
    if (closing === -1) throw broken("an attribute has no end");
    if (isNamed(attributes, at, equals, name)) return resolveEntities(attributes.slice(opening + 1, closing));
    at = closing + 1;
  }
}

/** Whether the attribute whose name stands between `from` and `equals` is the one. */
function isNamed(attributes: string, from: number, equals: number, name: string): boolean {
  let end = equals;
  while (end > from && attributes.charCodeAt(end - 1) <= SPACE) end--;
  const start = end - name.length;
  if (start < from || !attributes.startsWith(name, start)) return false;
  if (start === from) return true;
  const before = attributes.charCodeAt(start - 1);
  return before <= SPACE || before === COLON;
}
