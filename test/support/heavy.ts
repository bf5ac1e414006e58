/**
 * `HEAVY=1` runs the long form of every proof: more seeds, more kills, every call of the disk. Each has a
 * variable of its own too, named in the README next to it. A night, not a lunch break.
 */
const HEAVY = process.env.HEAVY === "1";

/** The number that `variable` says, else the one for this form. */
export function amount(
  variable: string,
  { usual, heavy }: { readonly usual: number; readonly heavy: number },
): number {
  const said = process.env[variable];
  if (said === undefined) return HEAVY ? heavy : usual;
  const number = Number(said);
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`${variable} is a number of at least 1, not "${said}"`);
  return number;
}

/** Whether `variable` or HEAVY asks for all of it. */
export function isWhole(variable: string): boolean {
  return HEAVY || process.env[variable] !== undefined;
}
