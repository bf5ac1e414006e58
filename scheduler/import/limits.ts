/** What an import file may cost (house rule 10). Beyond these it is refused, with the place named. */

const MIB = 1_048_576;

/** A text file; a million invoices take about 150 MiB. */
export const TEXT_BYTES_MAX = 1_024 * MIB;
/** A workbook as it lies on the disk. */
export const WORKBOOK_BYTES_MAX = 64 * MIB;
/** All parts of a workbook unpacked, by the sizes that it declares; each part is held to its word. */
export const UNPACKED_BYTES_MAX = 512 * MIB;
/** Unpacked to packed. Spreadsheets reach 30; deflate can reach 1,032. */
export const UNPACK_RATIO_MAX = 120;
/** Parts below this size may be as dense as they like (a sheet of empty rows). */
export const RATIO_FREE_BYTES = 8 * MIB;
export const ZIP_ENTRIES_MAX = 1_000;
export const ROWS_MAX = 2_000_000;
export const COLUMNS_MAX = 256;
/** Characters of one cell. A spreadsheet allows 32,767; no field here needs a thousand. */
export const CELL_CHARS_MAX = 4_000;
/** Characters of one record of a text file; an open quote would otherwise swallow the file. */
export const RECORD_CHARS_MAX = 64_000;
/** Distinct texts of a workbook, in characters altogether. */
export const SHARED_TEXT_CHARS_MAX = 32_000_000;
/** Rows at the top among which the header is looked for, and from which the styles are told. */
export const PREVIEW_ROWS = 2_000;
/** Characters of those rows altogether; they cross from one thread to the other in one piece. */
export const PREVIEW_CHARS = 2_000_000;
export const HEADER_WITHIN_ROWS = 30;
/** Rows handed from the reader to the importer at a time, and batches under way. */
export const BATCH_ROWS = 500;
export const BATCHES_UNDER_WAY = 2;
/** Rows that one transaction writes: a tenth of a second in which others wait. */
export const APPLY_ROWS = 2_000;
/** Heap of the reading thread. */
export const READER_HEAP_MIB = 112;
/** Without a row for this long, the reading thread is ended. */
export const READER_STALL_MS = 30_000;
/** Problems that a report keeps one by one; beyond it counts. */
export const PROBLEMS_KEPT = 1_000;
/** An import under way that has written nothing for this long was cut off; a piece takes a second at most. */
export const CUT_OFF_AFTER_MS = 20_000;
/** How long it is told that an import was cut off, unless its file is imported again. */
export const CUT_OFF_TOLD_MS = 30 * 86_400_000;
