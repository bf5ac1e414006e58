/** Step 15: where messages are kept, by what AT+CPMS=? says, and by what AT+CPMS? then confirms. */
import { readCommand, setCommand, testCommand } from "#hardware/at/command.ts";
import { allows, parseSets, splitFields, type ValueSet } from "#hardware/at/fields.ts";
import { LIMITS } from "#hardware/modem/settings.ts";
import {
  answerText,
  insist,
  isMute,
  isSimGone,
  SIM_GONE,
  type StartContext,
  type StartFacts,
  type Storages,
  type Trouble,
} from "./context.ts";

/** For arriving messages: the modem's own memory is larger and faster than the SIM's. */
const PREFERRED = ["ME", "SM", "MT"];

/** MT is a view of ME and SM, so listing it too would find every message twice. */
const LISTED = ["ME", "SM", "SR"];

/** What to send, best first; each has the parameters of one AT+CPMS. */
export function storageCandidates(sets: readonly ValueSet[]): readonly (readonly string[])[] {
  const [reading, writing = reading, arriving = writing] = sets;
  const allThree = PREFERRED.filter((name) => allows(reading, name) && allows(arriving, name));
  const candidates: string[][] = [];
  for (const name of allThree) {
    const second = allows(writing, name) ? name : (writing?.items[0] ?? name);
    // Wavecom has two storages, and takes two parameters.
    if (sets.length === 2) candidates.push([name, second]);
    else candidates.push([name, second, name]);
  }
  for (const name of allThree) candidates.push([name]);
  return candidates;
}

export async function chooseStorages(context: StartContext, facts: StartFacts): Promise<Trouble | undefined> {
  const timeoutMs = LIMITS.storageMs;
  const sets = parseSets(answerText(await insist(context, testCommand("+CPMS"), timeoutMs)) ?? "");
  for (const candidate of storageCandidates(sets)) {
    const reply = await insist(context, setCommand("+CPMS", ...candidate), timeoutMs);
    if (isMute(context.channel)) return undefined;
    if (isSimGone(reply)) return SIM_GONE;
    if (reply.kind !== "ok") continue;
    const { current, writing } = await readCurrent(context);
    if (current !== undefined && current !== candidate[0]) continue;
    facts.storages = {
      current: candidate[0] as string,
      ...(writing === undefined ? {} : { writing }),
      // The one where messages arrive comes last, so that it stays selected between two sweeps.
      listed: LISTED.filter((name) => allows(sets[0], name)).toSorted(
        (a, b) => Number(a === candidate[0]) - Number(b === candidate[0]),
      ),
      // Siemens and Cinterion keep reports in SR and do not offer it.
      guessed: allows(sets[0], "SR") ? [] : ["SR"],
      parameters: candidate.length as Storages["parameters"],
    };
    return undefined;
  }
  // Nothing to choose (Samsung answers emptily, some have no storage): what is set is what there is.
  const { current = "", writing } = await readCurrent(context);
  facts.storages = {
    current,
    ...(writing === undefined ? {} : { writing }),
    listed: current === "" ? [] : [current],
    guessed: [],
    parameters: 1,
  };
  context.log.warn({ storage: current }, "the storages cannot be chosen");
  return undefined;
}

/** `<mem1>` and `<mem2>` of `+CPMS: "ME",0,255,"ME",0,255,…`. */
async function readCurrent(context: StartContext): Promise<{ current?: string; writing?: string }> {
  const reply = await insist(context, readCommand("+CPMS"), LIMITS.storageMs);
  const line = reply.kind === "ok" ? reply.lines[0] : undefined;
  if (line === undefined) return {};
  const [current = "", , , writing = ""] = splitFields(line.slice(line.indexOf(":") + 1));
  return { current, ...(writing === "" ? {} : { writing }) };
}
