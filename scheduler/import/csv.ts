/** The rows of a text file: decoded strictly, split by csv-parse, counted as a spreadsheet counts them. */
import { createReadStream } from "node:fs";
import { TextDecoder } from "node:util";
import { type Parser, parse } from "csv-parse";
import type { RawRow } from "./cell.ts";
import type { Charset } from "./charset.ts";
import { BATCH_ROWS, CELL_CHARS_MAX, COLUMNS_MAX, RECORD_CHARS_MAX, ROWS_MAX } from "./limits.ts";
import { FileRefused } from "./refused.ts";

const SEPARATORS = [";", ",", "\t", "|"] as const;
/** Lines from which the separator is told. */
const SAMPLE_LINES = 200;
const CHUNK_BYTES = 262_144;

/**
 * The separator that cuts the most lines into the same number of cells, two at least. "sep=;" in the
 * first line is Excel's own way to say it.
 */
export function detectSeparator(sample: string): string {
  const said = /^sep=(.)\r?\n/i.exec(sample)?.[1];
  if (said !== undefined) return said;
  const lines = sample
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== "")
    .slice(0, SAMPLE_LINES);
  let best = { separator: ";", score: 0 };
  for (const separator of SEPARATORS) {
    const counts = new Map<number, number>();
    for (const line of lines) {
      const cells = countOutsideQuotes(line, separator) + 1;
      if (cells > 1) counts.set(cells, (counts.get(cells) ?? 0) + 1);
    }
    for (const [cells, times] of counts) {
      // Agreement counts most; among equals more cells are better: "1,50;2,50" is cut at ";" or ",".
      const score = times * 100 + cells;
      if (score > best.score) best = { separator, score };
    }
  }
  return best.separator;
}

function countOutsideQuotes(line: string, separator: string): number {
  if (!line.includes('"')) return line.split(separator).length - 1;
  let count = 0;
  let quoted = false;
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && character === separator) count++;
  }
  return count;
}

/** The first characters of the file, for telling the separator. */
export async function readSample(path: string, charset: Charset): Promise<string> {
  const decoder = new TextDecoder(charset.label);
  let text = "";
  const stream = createReadStream(path, { start: charset.skip, end: charset.skip + CHUNK_BYTES });
  for await (const chunk of stream as AsyncIterable<Buffer>) text += decoder.decode(chunk, { stream: true });
  return text;
}

/** @throws FileRefused with the row where the text is broken. */
export async function* readCsv(
  path: string,
  charset: Charset,
  separator: string,
  onBytes: (read: number) => void = () => {},
): AsyncGenerator<readonly RawRow[]> {
  const parser = parse({
    delimiter: separator,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: RECORD_CHARS_MAX,
  });
  const records = createRecords(parser);
  const decoder = new TextDecoder(charset.label, { fatal: true, ignoreBOM: true });
  let first = true;
  const stream = createReadStream(path, { start: charset.skip, highWaterMark: CHUNK_BYTES });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    onBytes(stream.bytesRead);
    let text = decode(decoder, chunk, charset, records.row());
    if (first) text = text.replace(/^sep=.\r?\n/i, "\n");
    first = false;
    yield* inBatches(await records.after((done) => parser.write(text, done)));
  }
  const tail = decode(decoder, undefined, charset, records.row());
  yield* inBatches(await records.after((done) => parser.end(tail, done)));
}

type Done = (error?: Error | null) => void;

/** Takes records out of the parser as they become ready, and its errors as refusals. */
function createRecords(parser: Parser) {
  let row = 0;
  let failed: Error | undefined;
  // Errors arrive by the callbacks as well; without a listener they would end the process.
  parser.on("error", (error) => {
    failed = error;
  });
  const take = (rows: RawRow[]): void => {
    for (
      let cells = parser.read() as string[] | null;
      cells !== null;
      cells = parser.read() as string[] | null
    ) {
      row++;
      if (row > ROWS_MAX) throw new FileRefused("too_many_rows", `At most ${ROWS_MAX} rows are taken.`, row);
      checkRecord(cells, row);
      rows.push({ row, cells });
    }
  };
  return {
    row: () => row,
    /** The records that are ready once `act` is done. Reading makes room, so it comes first. */
    async after(act: (done: Done) => void): Promise<RawRow[]> {
      const rows: RawRow[] = [];
      const acted = new Promise<Error | null | undefined>((resolve) => act(resolve));
      take(rows);
      const error = (await acted) ?? failed;
      if (error) throw asRefusal(error, row + 1);
      take(rows);
      return rows;
    },
  };
}

function decode(decoder: TextDecoder, chunk: Buffer | undefined, charset: Charset, row: number): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    throw new FileRefused(
      "charset_wrong",
      `What follows is not ${charset.label}. Save the file in one charset, or name it with --charset.`,
      row + 1,
    );
  }
}

function checkRecord(cells: readonly string[], row: number): void {
  if (cells.length > COLUMNS_MAX)
    throw new FileRefused("too_many_columns", `It has ${cells.length} cells; ${COLUMNS_MAX} are taken.`, row);
  for (const cell of cells)
    if (cell.length > CELL_CHARS_MAX)
      throw new FileRefused(
        "cell_too_large",
        `A cell has more than ${CELL_CHARS_MAX} characters. Shorten it; no column needs so many.`,
        row,
      );
}

function asRefusal(error: Error, row: number): FileRefused {
  const { code } = error as { code?: string };
  if (code === "CSV_MAX_RECORD_SIZE")
    return new FileRefused(
      "cell_too_large",
      `It is longer than ${RECORD_CHARS_MAX} characters; perhaps a quote (") is never closed.`,
      row,
    );
  if (code === "CSV_QUOTE_NOT_CLOSED")
    return new FileRefused("text_broken", `A quote (") that is opened here is never closed.`, row);
  return new FileRefused("text_broken", `The cells cannot be told apart here (${code ?? "unknown"}).`, row);
}

function* inBatches(rows: readonly RawRow[]): Generator<readonly RawRow[]> {
  for (let at = 0; at < rows.length; at += BATCH_ROWS) yield rows.slice(at, at + BATCH_ROWS);
}
