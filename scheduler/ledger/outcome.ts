/** What became of an input: a value, because a feed that is wrong is part of the world (house rule 11). */

export interface FieldChange {
  readonly field: string;
  readonly from?: string;
  readonly to?: string;
}

export type RefusalCode =
  /** A new row lacks something that it cannot do without. */
  | "field_missing"
  | "field_invalid"
  /** The same version was seen with other content. */
  | "version_conflict"
  /** Names a creditor, debtor, receivable or payment that the ledger does not know. */
  | "reference_unknown"
  /** Names receivables of two debtors or currencies. */
  | "reference_mixed"
  /** What it wants to change can never change. */
  | "change_forbidden"
  | "limit_reached";

export interface Refusal {
  readonly code: RefusalCode;
  readonly field: string;
  /** Rule and remedy in one sentence. */
  readonly detail: string;
}

export type Outcome<Row> =
  | { readonly kind: "created"; readonly row: Row; readonly changes: readonly FieldChange[] }
  | { readonly kind: "updated"; readonly row: Row; readonly changes: readonly FieldChange[] }
  | { readonly kind: "unchanged"; readonly row: Row }
  /** The ledger holds a newer word on it. */
  | { readonly kind: "stale"; readonly row: Row }
  | { readonly kind: "refused"; readonly refusal: Refusal };

export function refused(code: RefusalCode, field: string, detail: string): Outcome<never> {
  return { kind: "refused", refusal: { code, field, detail } };
}

/** How fresh a row is: by the source's version where both have one, else by the "as of" instant. */
export interface Freshness {
  readonly version?: number;
  readonly asOf: number;
}

/**
 * Settles what an input does to a stored row, once `after` is `before` with the input laid over it.
 * `incoming` is how fresh the input itself says it is. An unchanged row still takes over the newer
 * freshness, so that an older word loses against it later.
 */
export function settleAgainst<Row extends Freshness>(
  before: Row,
  after: Row,
  changes: readonly FieldChange[],
  incoming: Freshness,
): Outcome<Row> {
  const order = compareFreshness(before, incoming);
  if (changes.length === 0) return { kind: "unchanged", row: order < 0 ? after : before };
  if (order > 0) return { kind: "stale", row: before };
  if (incoming.version !== undefined && before.version === incoming.version)
    return refused(
      "version_conflict",
      "version",
      `Version ${before.version} is stored with other content (${changes[0]?.field}). ` +
        "Send a higher version with each change.",
    );
  return { kind: "updated", row: after, changes };
}

/** Below zero when `stored` is older than `incoming`. */
export function compareFreshness(stored: Freshness, incoming: Freshness): number {
  if (stored.version !== undefined && incoming.version !== undefined)
    return stored.version - incoming.version;
  return stored.asOf - incoming.asOf;
}

export function changesBetween<Row extends object>(
  before: Row,
  after: Row,
  fields: readonly (keyof Row & string)[],
): FieldChange[] {
  const changes: FieldChange[] = [];
  for (const field of fields) {
    const [from, to] = [textOf(field, before[field]), textOf(field, after[field])];
    if (from !== to)
      changes.push({
        field,
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
      });
  }
  return changes;
}

/** An instant (by its name, such as `reversedAt`) is told as RFC 3339. */
function textOf(field: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (field.endsWith("At") && typeof value === "number") return new Date(value).toISOString();
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
