/**
 * Rows of the portfolio that a text is tried on before it is approved: what each creditor really writes
 * into it, with the longest name and numbers and the largest amount among some of its debts.
 */
import type { Database } from "#shared/sqlite.ts";
import type { TemplateValues } from "./engine.ts";
import { type Formats, localeOf } from "./format.ts";
import type { LintRow } from "./lint-types.ts";
import { sampleRows } from "./samples.ts";

/** Creditors that are tried, and debts of each that are looked at: a lint answers within a second. */
const CREDITORS_MAX = 200;
const DEBTS_LOOKED_AT = 2_000;
const INVOICES_LISTED = 3;

interface CreditorRow {
  readonly id: number;
  readonly externalId: string;
  readonly name: string;
  readonly contact: string | null;
  readonly jurisdiction: string;
  readonly instructions: string;
}

/** The samples, and a row for each creditor and currency of payment. */
export function portfolioRows(db: Database, formats: Formats, language: string): LintRow[] {
  const samples = sampleRows(formats, language);
  const long = samples.at(-1)?.values ?? {};
  const creditors = db
    .sql(
      `select id, external_id as externalId, name, contact, jurisdiction, payment_instructions as instructions
       from creditor order by id limit ${CREDITORS_MAX}`,
    )
    .all() as CreditorRow[];
  return [...samples, ...creditors.flatMap((creditor) => rowsOf(db, formats, language, creditor, long))];
}

function rowsOf(
  db: Database,
  formats: Formats,
  language: string,
  creditor: CreditorRow,
  long: TemplateValues,
): LintRow[] {
  const { numbers, name, amount } = longestOf(db, creditor.id);
  const locale = localeOf(language, creditor.jurisdiction);
  return Object.entries(JSON.parse(creditor.instructions) as Record<string, string>).map(
    ([currency, payment]) => {
      const sum = formats.money(BigInt(amount) * BigInt(INVOICES_LISTED), currency, locale);
      const values: TemplateValues = {
        ...long,
        creditor: creditor.name,
        debtor: name ?? long.debtor ?? "",
        payment,
        open_amount: sum,
        paid_amount: sum,
        promise_amount: sum,
        ...(creditor.contact === null ? {} : { contact: creditor.contact }),
        ...(numbers.length === 0 ? {} : { invoice_list: numbers.join(", "), invoice_count: numbers.length }),
      };
      return { of: `creditor ${creditor.externalId}, ${currency}`, values };
    },
  );
}

interface Longest {
  readonly numbers: readonly string[];
  readonly name: string | undefined;
  /** Minor units. */
  readonly amount: number;
}

function longestOf(db: Database, creditorId: number): Longest {
  const numbers = db
    .sql(
      `select external_id from (select external_id from receivable where creditor_id = ? limit ${DEBTS_LOOKED_AT})
       order by length(external_id) desc limit ${INVOICES_LISTED}`,
    )
    .pluck()
    .all(creditorId) as string[];
  const name = db
    .sql(
      `select name from (select name from debtor where creditor_id = ? limit ${DEBTS_LOOKED_AT})
       order by length(name) desc limit 1`,
    )
    .pluck()
    .get(creditorId) as string | undefined;
  const amount = db
    .sql(
      `select coalesce(max(principal), 0)
       from (select principal from receivable where creditor_id = ? limit ${DEBTS_LOOKED_AT})`,
    )
    .pluck()
    .get(creditorId) as number;
  return { numbers, name, amount };
}
