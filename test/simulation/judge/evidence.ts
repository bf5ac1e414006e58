/** Nothing is unknown for ever that could be known. */
import { sameSubscriber } from "#shared/phone-number.ts";
import { answersAreCalm, reportsAreCalm } from "./calm.ts";
import type { Case, Tale, Violation } from "./case.ts";

interface ReportRow {
  readonly iccid: string;
  readonly reference: number;
  readonly recipient: string;
  readonly receivedAt: number;
}

export function judgeEvidence(one: Case): Violation[] {
  return [
    ...(answersAreCalm(one) ? one.tales.flatMap(neverUnknown) : []),
    ...(reportsAreCalm(one) ? one.tales.flatMap((tale) => neverOverdue(one, tale)) : []),
    ...settledByReports(one),
  ];
}

function evidence(text: string): Violation {
  return { rule: "evidence", text };
}

function neverUnknown({ accepted: { planned }, events }: Tale): Violation[] {
  if (!events.some(({ type }) => type === "message.unknown")) return [];
  return [evidence(`${planned.marker} was unknown, though every answer came`)];
}

/** A phone that takes messages took it, and its report came. */
function neverOverdue({ world }: Case, { accepted: { planned }, message, submits }: Tale): Violation[] {
  const phone = world.plan.phones.find(({ number }) => number === planned.to);
  const takes = phone === undefined || phone.state === "on" || phone.state === "slow";
  const isWhole = new Set(submits.map(({ part }) => part)).size === message?.segments.length;
  if (!planned.report || !takes || !isWhole || message?.state === "delivered") return [];
  return [evidence(`${planned.marker} arrived and was reported, and is ${message?.state}`)];
}

/** A report about the very part came, and nothing else could have been meant by it. */
function settledByReports({ world, tales }: Case): Violation[] {
  const unsettled = tales.flatMap((tale) =>
    (tale.message?.segments ?? [])
      .filter(({ state }) => state === "unknown")
      .map((segment) => ({ tale, segment })),
  );
  if (unsettled.length === 0) return [];
  const waiting = world.life?.core.db
    .sql(
      `select s.iccid, r.message_reference as reference, r.recipient, r.received_at as receivedAt
       from report r join sim s on s.number = r.sim where r.disposition = 'waiting'`,
    )
    .all() as ReportRow[];
  return unsettled.flatMap(({ tale, segment }) => {
    const { planned } = tale.accepted;
    const sent = tale.submits.filter(({ part }) => part === segment.number);
    const rivals = unsettled.filter((other) => other.tale.accepted.planned.to === planned.to);
    if (rivals.length > 1) return [];
    const fits = waiting.some(
      ({ iccid, reference, recipient }) =>
        sameSubscriber(planned.to, recipient) &&
        sent.some(({ entry }) => entry.iccid === iccid && entry.messageReference === reference),
    );
    return fits ? [evidence(`${planned.marker} part ${segment.number} is unknown, and its report came`)] : [];
  });
}
