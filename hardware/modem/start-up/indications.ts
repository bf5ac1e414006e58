/**
 * Step 16: that the modem tells when something has arrived (AT+CNMI, 27.005 3.4.1). What it lists in
 * `=?` is where we begin; what it takes, and shows in `?`, is what counts.
 */
import { readCommand, setCommand, testCommand } from "#hardware/at/command.ts";
import type { Reply } from "#hardware/at/conversation.ts";
import { allows, parseSets, type ValueSet } from "#hardware/at/fields.ts";
import type { Profile } from "#hardware/modem/profiles/profile.ts";
import {
  answerText,
  insist,
  isMute,
  isSimGone,
  SIM_GONE,
  type StartContext,
  type StartFacts,
  type Trouble,
} from "./context.ts";

/** Mode, messages, broadcasts, reports, buffer. */
export type Indications = readonly number[];

/** 2 keeps indications while the line is busy, 1 drops them, 3 puts them into data calls. */
const MODES = [2, 1, 3];
/** Stored and told (1). Directly to us (2) only where there is no other way: it loses what nobody reads. */
const MESSAGES = [1, 2];
/** Stored and told (2), directly (1), not at all (0). */
const REPORTS = [2, 1, 0];
const BUFFERS = [0, 1];

/** What to send, best first. An empty `=?` answer allows all, and the modem decides. */
export function indicationCandidates(sets: readonly ValueSet[], profile: Profile): readonly Indications[] {
  const offered = (position: number, wanted: readonly number[]): readonly number[] =>
    sets.length === 0 ? wanted : wanted.filter((value) => allows(sets[position], value));
  const first = (values: readonly number[], otherwise: number): number => values[0] ?? otherwise;
  const refused = profile.quirks.refusedModes;
  const modes = offered(0, MODES).toSorted(
    (a, b) => Number(refused.includes(a)) - Number(refused.includes(b)),
  );
  const messages = first(offered(1, MESSAGES), 1);
  const buffer = first(offered(4, BUFFERS), 0);
  const candidates: number[][] = [];
  // Reports are worth more than a buffered line, so the mode is given up first.
  for (const report of offered(3, REPORTS)) {
    for (const mode of modes) candidates.push([mode, messages, 0, report, buffer]);
  }
  for (const mode of modes) candidates.push([mode, messages]);
  for (const mode of modes) candidates.push([mode]);
  return candidates;
}

export async function chooseIndications(
  context: StartContext,
  facts: StartFacts,
): Promise<Trouble | undefined> {
  const sets = parseSets(answerText(await insist(context, testCommand("+CNMI"))) ?? "");
  for (const candidate of indicationCandidates(sets, facts.profile)) {
    const reply = await insist(context, setCommand("+CNMI", ...candidate));
    // Silence is no refusal: a lesser choice would last as long as the session.
    if (isMute(context.channel)) return undefined;
    if (isSimGone(reply)) return SIM_GONE;
    if (reply.kind !== "ok") continue;
    const confirmed = shownIndications(await insist(context, ASK_INDICATIONS));
    if (confirmed !== undefined && !agrees(confirmed, candidate)) continue;
    facts.indications = confirmed ?? "";
    if ((candidate[3] ?? 0) === 0) context.log.warn({}, "the modem passes on no delivery reports");
    return undefined;
  }
  facts.indications = "";
  context.log.warn({}, "the modem tells nothing by itself; what arrives is found by listing only");
  return undefined;
}

/** Asks for the settings that `shownIndications` reads. */
export const ASK_INDICATIONS = readCommand("+CNMI");

/** As the modem shows them; undefined when it does not. */
export function shownIndications(reply: Reply): string | undefined {
  return answerText(reply)?.replaceAll(" ", "");
}

/** The buffer setting only says what happens at the moment of the change, and is not shown by all. */
function agrees(confirmed: string, wanted: Indications): boolean {
  const shown = confirmed.split(",").map(Number);
  return wanted.slice(0, 4).every((value, position) => shown[position] === value);
}
