/** What became of the messages, and who asked for no more. */
import type { Database } from "#shared/sqlite.ts";
import type { Span } from "./recovery.ts";
import { type Draft, Sums } from "./walk.ts";

const COUNTED = [
  "messages",
  "submitted",
  "delivered",
  "unknown",
  "temporary",
  "permanent",
  "expired",
  "cancelled",
] as const;

type Counts = Readonly<Record<(typeof COUNTED)[number], number>>;

interface DeliveryRow extends Counts {
  readonly step: string;
  readonly template: string;
  /** From the network's acceptance to the phone, of `timed` messages together. */
  readonly waitedMs: number;
  readonly timed: number;
}

const SELECT_MESSAGES = `select occurrence.step_id as step, outgoing.template as template, count(*) as messages,
    count(occurrence.submitted_at) as submitted,
    sum(occurrence.state = 'delivered') as delivered, sum(occurrence.state = 'unknown') as unknown,
    sum(occurrence.state = 'failed-temporary') as temporary,
    sum(occurrence.state = 'failed-permanent') as permanent,
    sum(occurrence.state = 'expired') as expired, sum(occurrence.state = 'cancelled') as cancelled,
    coalesce(sum(occurrence.delivered_at - occurrence.submitted_at), 0) as waitedMs,
    count(occurrence.delivered_at - occurrence.submitted_at) as timed
  from occurrence join outgoing on outgoing.occurrence_id = occurrence.id
  where occurrence.id > :after and occurrence.id <= :upTo
    and occurrence.created_at >= :from and occurrence.created_at < :until
  group by 1, 2`;

export function deliveryReport(db: Database, span: Span): Draft {
  const sums = new Sums<DeliveryRow>(addDelivery);
  return {
    parts: [
      {
        table: "occurrence",
        take: (range) => {
          for (const row of db.sql(SELECT_MESSAGES).all({ ...span, ...range }) as DeliveryRow[])
            sums.take(JSON.stringify([row.step, row.template]), row);
        },
      },
    ],
    finish: () => ({
      name: "delivery",
      columns: ["step", "template", ...COUNTED, "deliveredShare", "secondsToDeliver"],
      rows: sums.sorted().map(({ waitedMs, timed, ...row }) => ({
        ...row,
        deliveredShare: row.submitted === 0 ? undefined : (row.delivered / row.submitted).toFixed(4),
        secondsToDeliver: timed === 0 ? undefined : Math.round(waitedMs / timed / 1_000),
      })),
    }),
  };
}

function addDelivery(a: DeliveryRow, b: DeliveryRow): DeliveryRow {
  const counts = Object.fromEntries(COUNTED.map((name) => [name, a[name] + b[name]])) as Counts;
  return { ...a, ...counts, waitedMs: a.waitedMs + b.waitedMs, timed: a.timed + b.timed };
}

interface OptOutRow {
  readonly day: string;
  readonly creditor: string;
  readonly recorded: number;
  readonly withdrawn: number;
}

const SELECT_OPT_OUTS = `select strftime('%Y-%m-%d', event.at / 1000, 'unixepoch') as day,
    coalesce(creditor.external_id, '(all)') as creditor,
    sum(event.kind = 'opt-out.recorded') as recorded, sum(event.kind = 'opt-out.withdrawn') as withdrawn
  from event left join creditor on creditor.id = event.creditor_id
  where event.sequence > :after and event.sequence <= :upTo
    and event.kind in ('opt-out.recorded', 'opt-out.withdrawn') and event.at >= :from and event.at < :until
  group by 1, 2`;

export function optOutReport(db: Database, span: Span): Draft {
  const sums = new Sums<OptOutRow>((a, b) => ({
    ...a,
    recorded: a.recorded + b.recorded,
    withdrawn: a.withdrawn + b.withdrawn,
  }));
  return {
    parts: [
      {
        table: "event",
        take: (range) => {
          for (const row of db.sql(SELECT_OPT_OUTS).all({ ...span, ...range }) as OptOutRow[])
            sums.take(JSON.stringify([row.day, row.creditor]), row);
        },
      },
    ],
    finish: () => ({
      name: "opt-outs",
      columns: ["day", "creditor", "recorded", "withdrawn"],
      rows: sums.sorted().map((row) => ({ ...row })),
    }),
  };
}
