/** Which case a reply belongs to: the one that spoke to this number last, else the newest of its debtors. */
import type { CaseStage, RowId } from "#scheduler/ledger/types.ts";
import type { Database } from "#shared/sqlite.ts";
import type { AnswerParts } from "./answers.ts";

export interface RepliedCase {
  readonly caseId: RowId;
  readonly code: string;
  readonly debtorId: RowId;
  readonly creditorId: RowId;
  readonly stage: CaseStage;
  readonly language: string;
  readonly parts: AnswerParts;
  /** What its keys are made of. */
  readonly owner: {
    readonly creditor: { readonly externalId: string };
    readonly debtor: { readonly externalId: string };
    readonly case: { readonly currency: string };
  };
}

interface Row {
  id: number;
  code: string;
  debtor_id: number;
  creditor_id: number;
  stage: CaseStage;
  currency: string;
  language: string;
  creditor: string;
  contact: string | null;
  creditor_external: string;
  debtor_external: string;
}

const SELECT = `select c.id, c.code, c.debtor_id, c.creditor_id, c.stage, c.currency, d.language,
  cr.name as creditor, cr.contact, cr.external_id as creditor_external, d.external_id as debtor_external
  from dunning_case c join debtor d on d.id = c.debtor_id join creditor cr on cr.id = c.creditor_id`;

export function caseByNumber(db: Database, number: string): RepliedCase | undefined {
  const row =
    db
      .sql(
        `${SELECT} where c.id = (select case_id from occurrence where number = ? and contact_at is not null
         order by contact_at desc, id desc limit 1)`,
      )
      .get(number) ??
    db
      .sql(
        `${SELECT} where c.debtor_id in (select debtor_id from contact_point where number = ?)
         order by c.settled_at is not null, c.id desc limit 1`,
      )
      .get(number);
  return row === undefined ? undefined : fromRow(row as Row);
}

function fromRow(row: Row): RepliedCase {
  return {
    caseId: row.id,
    code: row.code,
    debtorId: row.debtor_id,
    creditorId: row.creditor_id,
    stage: row.stage,
    language: row.language,
    parts: { creditor: row.creditor, ...(row.contact === null ? {} : { contact: row.contact }) },
    owner: {
      creditor: { externalId: row.creditor_external },
      debtor: { externalId: row.debtor_external },
      case: { currency: row.currency },
    },
  };
}
