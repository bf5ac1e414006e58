/**
 * What is needed to speak at all: a number that may be used, a text in the debtor's language with the
 * parts that the law wants, fresh payment data, a way to pay. What is missing is named, never skipped.
 */
import type { ContactPointFacts } from "#scheduler/ledger/facts.ts";
import type { Anchor, MessageClass } from "#scheduler/ledger/types.ts";
import type { TemplateVersion } from "#scheduler/policy/templates/types.ts";
import { type CaseView, hold, stop } from "./case-view.ts";
import { isAuthorised, livingNumbers, mayHear, numbersFor } from "./numbers.ts";
import { isDebt } from "./spoken.ts";
import type { Decision, RequiredNotice } from "./types.ts";

const MS_PER_HOUR = 3_600_000;

export interface Speaker {
  readonly contact: ContactPointFacts;
  readonly template: TemplateVersion;
  readonly notices: readonly RequiredNotice[];
  readonly class: MessageClass;
}

export interface Speech {
  readonly stepId: string;
  readonly anchor: Anchor;
  readonly class: MessageClass;
  readonly template: string;
  /** The text asks for money. */
  readonly asksMoney: boolean;
  /** The number, where it is not for the rules to choose. */
  readonly to?: ContactPointFacts;
}

/** @param wake when the case is looked at again even if nobody repairs what is missing */
export function findSpeaker(view: CaseView, speech: Speech, wake: number | undefined): Speaker | Decision {
  const contact = usableContact(view, speech, wake);
  if ("kind" in contact) return contact;
  const refused = refuseCreditor(view, speech, wake);
  if (refused !== undefined) return refused;
  const template = usableTemplate(view, speech, wake);
  if ("kind" in template) return template;
  const notices = usableNotices(view, wake);
  return Array.isArray(notices) ? { contact, template, notices, class: speech.class } : (notices as Decision);
}

function usableContact(
  view: CaseView,
  speech: Speech,
  wake: number | undefined,
): ContactPointFacts | Decision {
  const { facts, law, trail } = view;
  const stopped = facts.contactPoints.find(
    ({ channel, optedOut, state }) => channel === "sms" && (optedOut !== undefined || state === "opted-out"),
  );
  if (stopped !== undefined)
    return stop(view, "contact.opted-out", "the debtor said STOP: no text to any number", {
      effects: [{ kind: "task", task: "no-contact", detail: "The debtor opted out; use another channel." }],
    });
  const [authorised] = law.authorisedChannels;
  const living = authorised === undefined ? [] : livingNumbers(view);
  if (authorised !== undefined && living.length > 0 && !living.some(isAuthorised))
    return hold(view, authorised.id, "no number was authorised by the debtor for this", {
      ...until(wake),
      effects: [{ kind: "task", task: "no-contact", detail: "Record the debtor's consent to texts." }],
    });
  const numbers = numbersFor(view, speech.stepId, speech.anchor);
  const contact = speech.to ?? numbers.find((number) => mayHear(view, speech.stepId, number));
  if (contact === undefined) {
    const [rule, because] =
      numbers.length > 0
        ? ([
            "contact.unheard",
            "no number has had the first contact yet, and a stranger may have it",
          ] as const)
        : (["contact.none", "no number is left that a text could reach"] as const);
    const detail = "Find a working number, or use another channel.";
    return hold(view, rule, because, {
      ...until(wake),
      effects: [{ kind: "task", task: "no-contact", detail }],
    });
  }
  trail.passed(
    "contact.usable",
    `number ${contact.rank + 1} of the debtor, zones ${contact.zones.join(", ")}`,
  );
  return contact;
}

/**
 * Chasing a paid invoice is the worst there is: without fresh payment data nothing is chased. Asked last,
 * when everything else allows the text, because data grows old while a text waits for its hour.
 */
export function refuseFeed(view: CaseView, wake: number): Decision | undefined {
  const { facts, policy, now, trail } = view;
  const hours = policy.document.paymentFeedMaxAge;
  for (const feed of facts.feeds) {
    if (feed.carries !== "payments") continue;
    if (now - feed.asOf > hours * MS_PER_HOUR)
      return hold(
        view,
        "house.stale-feed",
        `payments of "${feed.source}" are known up to ${new Date(feed.asOf).toISOString()}; ${hours} hours are allowed`,
        { until: wake },
      );
  }
  trail.passed("house.fresh-feed", `payments are known up to at most ${hours} hours ago`);
  return undefined;
}

function refuseCreditor(view: CaseView, speech: Speech, wake: number | undefined): Decision | undefined {
  const { creditor, case: ours } = view.facts;
  const setup = (rule: string, because: string): Decision =>
    hold(view, rule, because, {
      ...until(wake),
      effects: [{ kind: "task", task: "setup", detail: because }],
    });
  if ((creditor.contact ?? "") === "")
    return setup("creditor.contact", "the creditor has no contact that a text could name");
  if (speech.asksMoney && (creditor.paymentInstructions[ours.currency] ?? "") === "")
    return setup("creditor.payment-instructions", `the creditor does not say how to pay in ${ours.currency}`);
  if (isDebt(speech) && creditor.role === "collector" && view.policy.firstContact === undefined)
    return setup(
      "policy.first-contact",
      `the creditor collects for others, and "${view.policy.name}" does not begin with a first contact: a stranger would read of the debt`,
    );
  view.trail.passed("creditor.complete", "name, contact and payment instructions are there");
  return undefined;
}

function usableTemplate(
  view: CaseView,
  speech: Speech,
  wake: number | undefined,
): TemplateVersion | Decision {
  const { facts, law, policy, trail } = view;
  const { language } = facts.debtor;
  const template = policy.catalogue.find(speech.template, language);
  if (template === undefined)
    return hold(view, "template.language", `"${speech.template}" has no approved text in "${language}"`, {
      ...until(wake),
      effects: [
        { kind: "task", task: "setup", detail: `Write and approve ${speech.template} in ${language}.` },
      ],
    });
  const [never] = law.neverAskWhy;
  if (never !== undefined && template.asksReason)
    return hold(view, never.id, `"${speech.template}" asks why the debt is unpaid`, {
      ...until(wake),
      effects: [{ kind: "task", task: "setup", detail: "Use a text that does not ask for the reason." }],
    });
  trail.passed("template.approved", `${template.key} ${template.language} version ${template.version}`);
  return template;
}

/** Templates of the words that the law wants in every text. */
export const NOTICE_TEMPLATES = {
  "opt-out": "common.notice-opt-out",
  collector: "common.notice-collector",
} as const;

function usableNotices(view: CaseView, wake: number | undefined): RequiredNotice[] | Decision {
  const notices: RequiredNotice[] = [];
  for (const row of view.law.notices) {
    const key = NOTICE_TEMPLATES[row.notice];
    const { language } = view.facts.debtor;
    if (view.policy.catalogue.find(key, language) === undefined)
      return hold(view, row.id, `the notice "${key}" has no approved text in "${language}"`, {
        ...until(wake),
        effects: [{ kind: "task", task: "setup", detail: `Write and approve ${key} in ${language}.` }],
      });
    notices.push({ kind: row.notice, rule: row.id });
    view.trail.applied(row.id, `the text carries the notice "${row.notice}"`);
  }
  return notices;
}

function until(wake: number | undefined): { until?: number } {
  return wake === undefined ? {} : { until: wake };
}
