/** `dunlin explain CASE`: why something was sent or not. */
import type { Command } from "commander";
import { findCase } from "#scheduler/ledger/due.ts";
import type { Case } from "#scheduler/ledger/types.ts";
import { type CaseMessageRow, readMessages } from "#scheduler/reports/case-messages.ts";
import { createDecisionLog, type LoggedDecision, rulesOf } from "#scheduler/run/decision-log.ts";
import { without } from "#scheduler/run/plan.ts";
import { systemClock } from "#shared/clock.ts";
import { parseLocalDate } from "#shared/local-date.ts";
import { type Look, look } from "./look.ts";
import { gatesOf } from "./operate.ts";
import { type CommonOptions, command, complain, print } from "./options.ts";

const DECISIONS_SHOWN = 20;
const CASES_NAMED_MAX = 20;

interface Options extends CommonOptions {
  readonly day?: string;
  readonly json?: boolean;
}

export function explainCommand(): Command {
  return command("explain", "Why a case was reminded, or why not, and what it was sent.")
    .argument(
      "<case>",
      "the code that stands in texts, such as 4T7K-93QX, or a customer's or an invoice's number",
    )
    .option("--day <YYYY-MM-DD>", "only this day of the debtor's, with what held as it began")
    .option("--json", "for programs")
    .action((code: string, options: Options) =>
      look(options, async (opened) => explain(opened, code, options)),
    );
}

function explain(opened: Look, code: string, options: Options): number {
  const [found, ...others] = casesOf(opened, code);
  if (found === undefined) {
    complain(`There is no case ${code}, and no customer or invoice of that number.`);
    return 1;
  }
  if (others.length > 0) {
    complain(
      `${code} stands for several cases; name one: ${[found, ...others].map((one) => one.code).join(", ")}`,
    );
    return 1;
  }
  if (options.day !== undefined && parseLocalDate(options.day) === undefined) {
    complain(`--day ${options.day}: write a day as YYYY-MM-DD.`);
    return 1;
  }
  const log = createDecisionLog(opened.db);
  const decisions =
    options.day === undefined ? log.latest(found.id, DECISIONS_SHOWN) : log.ofDay(found.id, options.day);
  const messages = readMessages(opened.db, found.id).filter(
    ({ plannedFor, text }) =>
      text !== undefined &&
      (options.day === undefined || dayOf(opened, found.id, plannedFor) === options.day),
  );
  const now = options.day === undefined ? presentOf(opened, found.id) : undefined;
  if (options.json === true) {
    print(JSON.stringify({ case: found.code, stage: found.stage, decisions, messages, now }, null, 2));
    return 0;
  }
  print(`Case ${found.code}, stage ${found.stage}`);
  if (decisions.length === 0) print("Nothing was decided in this time.");
  for (const decision of decisions) printDecision(decision);
  for (const message of messages) printMessage(message);
  if (now !== undefined) {
    print("\nDecided now, without doing it:");
    printDecision(now);
  }
  return 0;
}

/** Of a case code; else of a customer's or an invoice's number, as the creditor writes it. */
function casesOf({ db }: Look, name: string): Case[] {
  const byCode = findCase(db, name.toUpperCase());
  if (byCode !== undefined) return [byCode];
  const codes = db
    .sql(
      `select c.code from creditor cr join debtor d on d.creditor_id = cr.id and d.external_id = :name
         join dunning_case c on c.debtor_id = d.id
       union
       select c.code from creditor cr join receivable r on r.creditor_id = cr.id and r.external_id = :name
         join dunning_case c on c.id = r.case_id
       limit ${CASES_NAMED_MAX}`,
    )
    .pluck()
    .all({ name }) as string[];
  return codes.flatMap((code) => findCase(db, code) ?? []);
}

function presentOf(opened: Look, caseId: number): LoggedDecision | undefined {
  const at = systemClock.now();
  const read = opened.brain.facts(caseId, at);
  if (read === undefined) return undefined;
  const facts = { ...without(read, []), gates: gatesOf(opened, read, at) };
  const decision = opened.brain.decide(facts, at);
  const nextAt = decision.kind === "wait" || decision.kind === "hold" ? decision.until : undefined;
  return {
    caseId,
    at,
    day: opened.zones.dateAt(at, facts.zones[0] ?? facts.creditor.timeZone),
    kind: decision.kind,
    rules: rulesOf(decision),
    detail: decision.because,
    ...(nextAt === undefined ? {} : { nextAt }),
  };
}

function dayOf({ brain, zones }: Look, caseId: number, at: number): string | undefined {
  const facts = brain.facts(caseId, at);
  return facts && zones.dateAt(at, facts.zones[0] ?? facts.creditor.timeZone);
}

function printMessage(message: CaseMessageRow): void {
  const { step, state, reason, template, policy, text } = message;
  print(`\n${step}: ${state}${reason === undefined ? "" : ` (${reason})`}, ${template} under ${policy}`);
  for (const [name, at] of [
    ["accepted", message.acceptedAt],
    ["submitted", message.submittedAt],
    ["delivered", message.deliveredAt],
  ] as const)
    if (at !== undefined) print(`  ${name.padEnd(9)}  ${new Date(at).toISOString()}`);
  print(`  ${text}`);
}

function printDecision(decision: LoggedDecision): void {
  const next =
    decision.nextAt === undefined ? "" : `; looked at again ${new Date(decision.nextAt).toISOString()}`;
  print(
    `\n${new Date(decision.at).toISOString()} (${decision.day})  ${decision.kind}: ${decision.detail}${next}`,
  );
  for (const rule of decision.rules)
    print(`  ${rule.outcome.padEnd(7)}  ${rule.rule}${rule.detail === undefined ? "" : `: ${rule.detail}`}`);
}
