/** A cell as its file holds it. Text files have texts only; workbooks know numbers, dates and formulas. */

export type Cell =
  | string
  | number
  | boolean
  /** A day, already told from a number by the cell's format. */
  | { readonly date: string }
  /** Its text is not looked at: what a formula shows is not what the sheet's owner wrote. */
  | { readonly formula: true }
  /** "#N/A" and its kind. */
  | { readonly error: string };

export interface RawRow {
  /** 1 is the first row of the file, as a spreadsheet shows it. */
  readonly row: number;
  readonly cells: readonly (Cell | undefined)[];
}

/** What a person would read in the cell; for headers and reports. */
export function cellText(cell: Cell | undefined): string {
  if (cell === undefined) return "";
  if (typeof cell === "string") return cell.trim();
  if (typeof cell !== "object") return String(cell);
  if ("date" in cell) return cell.date;
  return "formula" in cell ? "(formula)" : cell.error;
}

export function isBlank(cell: Cell | undefined): boolean {
  return cell === undefined || (typeof cell === "string" && cell.trim() === "");
}

/** "A" for 0, "AA" for 26. */
export function columnName(index: number): string {
  let name = "";
  for (let left = index + 1; left > 0; left = Math.floor((left - 1) / 26))
    name = String.fromCharCode(65 + ((left - 1) % 26)) + name;
  return name;
}
