/**
 * Which of the debtor's numbers a text may go to. Under a policy that begins with a first contact, whose a
 * number is turns out only when somebody has read that text. So no number hears of the debt before it: not a
 * second one, used because the first is dead, nor one that the first text never reached.
 */
import type { ContactPointFacts } from "#scheduler/ledger/facts.ts";
import type { Anchor } from "#scheduler/ledger/types.ts";
import type { CaseView } from "./case-view.ts";
import type { Round } from "./gather.ts";
import { ATTEMPTS_PER_STEP_MAX, attemptsOf, isDebt, isFailed, isSent } from "./spoken.ts";

/** Numbers for texts that nobody has given up, in the order in which they are tried. */
export function livingNumbers({ facts }: CaseView): ContactPointFacts[] {
  return facts.contactPoints.filter(
    ({ channel, state, consent }) =>
      channel === "sms" && state !== "retired" && state !== "wrong-party" && consent.state !== "withdrawn",
  );
}

export function isAuthorised({ consent }: ContactPointFacts): boolean {
  return consent.state === "given";
}

/** Of those, the ones that this step may still try. */
export function numbersFor(view: CaseView, stepId: string, anchor: Anchor): ContactPointFacts[] {
  const { facts, law, policy } = view;
  const failed = attemptsOf(facts, stepId, anchor).filter(({ state }) => state === "failed-permanent");
  const dead = new Set(failed.map(({ contactPointId }) => contactPointId));
  const { firstContact } = policy;
  const first = firstContact === undefined ? [] : attemptsOf(facts, firstContact.id, anchor);
  const isMute = (number: ContactPointFacts): boolean => {
    const tried = first.filter(({ contactPointId }) => contactPointId === number.id);
    const refused = tried.some(({ state }) => state === "failed-permanent");
    const lost = tried.filter((one) => isFailed(one) || one.state === "unknown").length;
    return (refused || lost >= ATTEMPTS_PER_STEP_MAX) && !hasHeard(view, number);
  };
  return livingNumbers(view).filter(
    (number) =>
      (law.authorisedChannels.length === 0 || isAuthorised(number)) &&
      !dead.has(number.id) &&
      !isMute(number),
  );
}

/** Whether the text of this step may be the next that this number reads. */
export function mayHear(view: CaseView, stepId: string, number: ContactPointFacts): boolean {
  const { firstContact } = view.policy;
  return firstContact === undefined || firstContact.id === stepId || hasHeard(view, number);
}

/**
 * A text of this case went to it, and so the first contact before that. One whose end nobody knows counts as
 * sent everywhere else; here it may not have arrived, and what a stranger has read cannot be taken back.
 */
function hasHeard({ facts }: CaseView, { id }: ContactPointFacts): boolean {
  return facts.occurrences.some(
    (one) => one.contactPointId === id && isSent(one) && one.state !== "unknown" && isDebt(one),
  );
}

/**
 * The round as it is; or, where the number that comes next has heard nothing yet, the first contact to that
 * number in its place. It settles no step: the one that was due speaks once there was time to answer.
 */
export function introduced(
  view: CaseView,
  round: Round,
): { readonly round: Round; readonly to?: ContactPointFacts } {
  const { firstContact } = view.policy;
  if (firstContact === undefined) return { round };
  const { step } = round.placed;
  const [to] = numbersFor(view, step.id, round.speaking.anchor);
  if (to === undefined || mayHear(view, step.id, to)) return { round };
  view.trail.applied(
    "step.first-contact",
    `number ${to.rank + 1} has heard nothing yet: "${firstContact.id}" goes to it before "${step.id}"`,
  );
  const covers = round.listed.map(({ item }) => ({
    receivableId: item.id,
    dueDateSequence: item.dueDateSequence,
  }));
  return { to, round: { ...round, placed: { ...round.placed, step: firstContact }, covers, supersedes: [] } };
}
