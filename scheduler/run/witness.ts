/** What the evidence says of a message: as it was decided, and at each change of what became of it. */
import type { Evidence, EvidenceKind } from "#scheduler/evidence/store.ts";
import type { OccurrenceState } from "#scheduler/ledger/states.ts";
import type { Occurrence, RowId } from "#scheduler/ledger/types.ts";
import type { Message } from "#shared/gateway-api/messages.ts";
import type { Database } from "#shared/sqlite.ts";
import { readBody } from "./body.ts";

/** The gateway's own words on a message. */
export interface Reported {
  readonly state: Message["state"];
  readonly code?: string;
  readonly words?: string;
  readonly sim?: string;
}

const KIND: Readonly<Partial<Record<OccurrenceState, EvidenceKind>>> = {
  "handed-over": "message.accepted",
  submitted: "message.submitted",
  unknown: "message.unknown",
  delivered: "message.delivered",
  "failed-temporary": "message.failed",
  "failed-permanent": "message.failed",
  expired: "message.expired",
  cancelled: "message.cancelled",
};

interface TextRow {
  readonly key: string;
  readonly code: string;
  readonly creditor: string;
  readonly policy: string;
  readonly step: string;
  readonly template: string;
  readonly body: string;
}

/** Inside the transaction that has put the text. */
export function witnessText(
  db: Database,
  evidence: Evidence,
  id: RowId,
  decided: { readonly rule: string; readonly at: number },
): void {
  const row = db
    .sql(
      `select o.key, c.code, cr.external_id as creditor, o.policy_version as policy, o.step_id as step,
         g.template, g.body
       from occurrence o join outgoing g on g.occurrence_id = o.id join dunning_case c on c.id = o.case_id
         join creditor cr on cr.id = c.creditor_id
       where o.id = +?`,
    )
    .get(id) as TextRow;
  const { creditor, policy, step, template } = row;
  const { to, text, notAfter } = readBody(row.body);
  const details = {
    ...{ to, text, creditor, policy, step, template },
    rule: decided.rule,
    ...(notAfter === undefined ? {} : { notAfter }),
  };
  evidence.witness(
    { kind: "message.decided", caseCode: row.code, occurrenceKey: row.key, details },
    decided.at,
  );
}

/** Inside the transaction of the move. */
export function witnessMove(
  evidence: Evidence,
  { occurrence, caseCode }: { readonly occurrence: Occurrence; readonly caseCode: string },
  move: { readonly to: OccurrenceState; readonly reason?: string; readonly reported?: Reported },
  now: number,
): void {
  const failed = move.to === "failed-temporary" || move.to === "failed-permanent";
  const kind = failed && move.reported?.state === "undelivered" ? "message.undelivered" : KIND[move.to];
  if (kind === undefined) return;
  const details = {
    state: occurrence.state,
    ...given("number", occurrence.number),
    ...given("reason", move.reason),
    ...given("gatewayId", occurrence.gatewayId),
    ...given("acceptedAt", instant(occurrence.handedOverAt)),
    ...given("submittedAt", instant(occurrence.submittedAt)),
    ...given("deliveredAt", instant(occurrence.deliveredAt)),
    ...given("gatewayState", move.reported?.state),
    ...given("gatewayCode", move.reported?.code),
    ...given("gatewayWords", move.reported?.words),
    ...given("sim", move.reported?.sim),
  };
  evidence.witness({ kind, caseCode, occurrenceKey: occurrence.key, details }, now);
}

function given<K extends string>(name: K, value: string | undefined): Readonly<Record<string, string>> {
  return value === undefined ? {} : { [name]: value };
}

function instant(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}
