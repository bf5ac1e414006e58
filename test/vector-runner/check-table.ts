/** The two tables: all 7-bit alphabets and all 256 values of TP-DCS. */
import { dataCoding } from "#hardware/pdu/coding.ts";
import { ESCAPE, lockingCodes, shiftCodes } from "#shared/sms-text.ts";
import { describeCoding } from "./expectation.ts";
import { differences, type Findings } from "./vector.ts";

export interface TableCheck {
  readonly name: string;
  readonly findings: Findings;
}

type Symbols = Readonly<Record<string, string>>;

export interface AlphabetTables {
  readonly tables: Readonly<
    Record<string, { readonly language: string; readonly locking: Symbols; readonly shift: Symbols }>
  >;
}

const NO_SYMBOL = [0, 0xfffd];

export function checkAlphabets({ tables }: AlphabetTables): TableCheck[] {
  return Object.entries(tables).flatMap(([id, { language, locking, shift }]) => [
    { name: `${language} locking`, findings: differences(locking, symbolsOf(lockingCodes(Number(id)))) },
    { name: `${language} shift`, findings: differences(shift, symbolsOf(shiftCodes(Number(id)))) },
  ]);
}

/** The escape code is left out, as are codes without a symbol. */
function symbolsOf(codes: Uint16Array): Symbols {
  const symbols: Record<string, string> = {};
  codes.forEach((character, code) => {
    if (code === ESCAPE || NO_SYMBOL.includes(character)) return;
    symbols[code.toString(16).toUpperCase().padStart(2, "0")] = String.fromCharCode(character);
  });
  return symbols;
}

export interface CodingRows {
  readonly rows: readonly (Readonly<Record<string, unknown>> & { readonly dcs: number })[];
}

export function checkCodings({ rows }: CodingRows): TableCheck[] {
  return rows.map((row) => ({
    name: `TP-DCS ${row.dcs}`,
    // `reserved` is a remark of the table; a decoder takes those for the default alphabet.
    findings: differences(row, describeCoding(dataCoding(row.dcs)), ["reserved"]),
  }));
}
