/** The schema of `test/vectors/README.md` as far as the runner relies on it. */
export interface Expectation {
  readonly refuse?: boolean;
  readonly [key: string]: unknown;
}

export interface Vector {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly direction?: "mt" | "mo";
  readonly pdu_with_smsc?: string;
  readonly tpdu?: string;
  readonly rp?: "ack" | "error";
  readonly expect: Expectation;
  readonly implementation_choice?: string;
  readonly canonical?: boolean;
  readonly [key: string]: unknown;
}

/** What one check found: nothing when all is as expected, else one line for each difference. */
export type Findings = readonly string[];

export function text(value: unknown): string {
  return JSON.stringify(value) ?? "nothing";
}

/**
 * Differences between what was expected and what came out. Keys that only the outcome has count too,
 * but for those in `ignored`.
 */
export function differences(
  expected: Readonly<Record<string, unknown>>,
  actual: Readonly<Record<string, unknown>>,
  ignored: readonly string[] = [],
): string[] {
  const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  const found: string[] = [];
  for (const key of keys) {
    if (ignored.includes(key)) continue;
    if (!isSame(expected[key], actual[key])) {
      found.push(`${key}: expected ${text(expected[key])}, got ${text(actual[key])}`);
    }
  }
  return found;
}

function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) =>
    isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}

/** Runs `work`; its error of one of these kinds is the findings' subject, any other is a defect of ours. */
export function refusalOf(
  work: () => unknown,
  kinds: readonly (new (...args: never[]) => Error)[],
): Error | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof Error && kinds.some((kind) => error instanceof kind)) return error;
    throw error;
  }
}
