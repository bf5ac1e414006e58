/** The message that a round would send, with everything that its row and its text need. */
import { dateText } from "./calendar.ts";
import type { CaseView } from "./case-view.ts";
import type { Round } from "./gather.ts";
import type { Speaker } from "./speaker.ts";
import { attemptsOf, nextSequence } from "./spoken.ts";
import type { PlannedMessage } from "./types.ts";
import type { Opening } from "./windows.ts";

export function roundMessage(
  view: CaseView,
  round: Round,
  speaker: Speaker,
  opening: Opening,
): PlannedMessage {
  const { step } = round.placed;
  const { anchor } = round.speaking;
  const items = round.listed.map(({ item }) => item);
  const dates = items.map(({ dueDate }) => dueDate).sort();
  const leaves = view.zones.dayAt(opening.at, view.zone);
  const [dueDate, latestDueDate] = [dates[0], dates.at(-1)];
  return {
    stepId: step.id,
    stage: step.stage,
    class: speaker.class,
    channel: step.channel,
    anchor,
    sequence: nextSequence(attemptsOf(view.facts, step.id, anchor)),
    policyVersion: view.policy.version,
    ...speakerParts(speaker),
    receivableIds: items.map(({ id }) => id),
    covers: round.covers,
    supersedes: round.supersedes,
    amount: round.amount,
    ...(dueDate === undefined ? {} : { dueDate }),
    ...(latestDueDate === undefined ? {} : { latestDueDate }),
    // Counted from the day the text leaves and rolled to a day on which banks work: a late notice is re-dated.
    ...(step.arrears ? { finalDate: dateText(view.calendar.nextBusiness(leaves + step.payWithin)) } : {}),
    notBefore: opening.at,
    notAfter: opening.end,
  };
}

export function speakerParts(
  speaker: Speaker,
): Pick<
  PlannedMessage,
  "templateKey" | "templateVersion" | "language" | "contactPointId" | "number" | "notices"
> {
  const { template, contact, notices } = speaker;
  return {
    templateKey: template.key,
    templateVersion: template.version,
    language: template.language,
    contactPointId: contact.id,
    number: contact.number,
    notices,
  };
}
