/** What became of the messages, and who asked for no more. */
import type { Database } from "#shared/sqlite.ts";
import type { Span } from "./recovery.ts";
import type { ReportTable } from "./table.ts";

interface DeliveryRow {
  readonly step: string;
  readonly template: string;
  readonly messages: number;
  readonly submitted: number;
  readonly delivered: number;
  readonly unknown: number;
  readonly temporary: number;
  readonly permanent: number;
  readonly expired: number;
  readonly cancelled: number;
  readonly seconds: number | null;
}

export function deliveryReport(db: Database, span: Span): ReportTable {
  const rows = db
    .sql(
      `select occurrence.step_id as step, outgoing.template as template, count(*) as messages,
         count(occurrence.submitted_at) as submitted,
         sum(occurrence.state = 'delivered') as delivered, sum(occurrence.state = 'unknown') as unknown,
         sum(occurrence.state = 'failed-temporary') as temporary,
         sum(occurrence.state = 'failed-permanent') as permanent,
         sum(occurrence.state = 'expired') as expired, sum(occurrence.state = 'cancelled') as cancelled,
         avg(occurrence.delivered_at - occurrence.submitted_at) / 1000.0 as seconds
       from occurrence join outgoing on outgoing.occurrence_id = occurrence.id
       where occurrence.created_at >= :from and occurrence.created_at < :until
       group by 1, 2 order by 1, 2`,
    )
    .all(span) as DeliveryRow[];
  return {
    name: "delivery",
    columns: [
      "step",
      "template",
      "messages",
      "submitted",
      "delivered",
      "unknown",
      "temporary",
      "permanent",
      "expired",
      "cancelled",
      "deliveredShare",
      "secondsToDeliver",
    ],
    rows: rows.map(({ seconds, ...row }) => ({
      ...row,
      deliveredShare: row.submitted === 0 ? undefined : (row.delivered / row.submitted).toFixed(4),
      secondsToDeliver: seconds === null ? undefined : Math.round(seconds),
    })),
  };
}

export function optOutReport(db: Database, span: Span): ReportTable {
  const rows = db
    .sql(
      `select strftime('%Y-%m-%d', event.at / 1000, 'unixepoch') as day,
         coalesce(creditor.external_id, '(all)') as creditor,
         sum(event.kind = 'opt-out.recorded') as recorded, sum(event.kind = 'opt-out.withdrawn') as withdrawn
       from event left join creditor on creditor.id = event.creditor_id
       where event.kind in ('opt-out.recorded', 'opt-out.withdrawn') and event.at >= :from and event.at < :until
       group by 1, 2 order by 1, 2`,
    )
    .all(span) as { day: string; creditor: string; recorded: number; withdrawn: number }[];
  return { name: "opt-outs", columns: ["day", "creditor", "recorded", "withdrawn"], rows };
}
