/** The messages of one case, oldest first, with text and times. */
import type { RowId } from "#scheduler/ledger/types.ts";
import { readBody } from "#scheduler/run/body.ts";
import type { Database } from "#shared/sqlite.ts";

export interface CaseMessageRow {
  readonly key: string;
  readonly step: string;
  readonly class: string;
  readonly state: string;
  readonly policy: string;
  readonly plannedFor: number;
  readonly reason?: string;
  readonly template?: string;
  readonly text?: string;
  readonly segments?: number;
  readonly acceptedAt?: number;
  readonly submittedAt?: number;
  readonly deliveredAt?: number;
  readonly gatewayId?: string;
}

const MESSAGES_MAX = 500;

export function readMessages(db: Database, caseId: RowId): CaseMessageRow[] {
  const rows = db
    .sql(
      `select key, step_id as step, class, state, policy_version as policy, planned_for as plannedFor, reason,
         outgoing.template as template, outgoing.body as text, outgoing.segments as segments,
         handed_over_at as acceptedAt, submitted_at as submittedAt, delivered_at as deliveredAt,
         gateway_id as gatewayId
       from occurrence left join outgoing on occurrence_id = occurrence.id
       where case_id = ? order by occurrence.id desc limit ${MESSAGES_MAX}`,
    )
    .all(caseId) as Record<string, unknown>[];
  return rows.reverse().map(({ text: body, ...row }) => {
    const given = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
    const text = typeof body === "string" ? { text: readBody(body).text } : {};
    return { ...given, ...text } as unknown as CaseMessageRow;
  });
}
