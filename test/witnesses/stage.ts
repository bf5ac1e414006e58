/** One witness on one virtual modem, from the temporary folder to the four answers. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Profile } from "#hardware/simulator/profiles/types.ts";
import { createSimulator, type Simulator } from "#hardware/simulator/simulator.ts";
import { servePty } from "#hardware/simulator/transports/pty.ts";
import type { Served } from "#hardware/simulator/transports/served.ts";
import type { TrafficEntry } from "#hardware/simulator/transports/traffic.ts";
import { serveUnix } from "#hardware/simulator/transports/unix.ts";
import { systemClock } from "#shared/clock.ts";
import { seededRandom } from "#shared/random.ts";
import type { Stage, Step, Witness } from "./witness.ts";

export type Answer = { readonly kind: "yes" } | { readonly kind: "no"; readonly reason: string };

export interface Hearing {
  readonly answers: Readonly<Record<Step, Answer>>;
  readonly tookMs: number;
}

const TRAFFIC_KEEP = 20_000;
const SEED = 1;

/** `keepIn`: a folder that takes the dialogue and everything the witness wrote. */
export async function hear(witness: Witness, profile: Profile, keepIn?: string): Promise<Hearing> {
  const since = systemClock.monotonic();
  const folder = keepIn
    ? join(keepIn, witness.name, profile.name)
    : mkdtempSync(join(tmpdir(), "dunlin-witness-"));
  if (keepIn) await rm(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const simulator = createSimulator({
    clock: systemClock,
    random: seededRandom(SEED),
    modems: [{ profile, name: profile.name }],
    trafficKeep: keepIn ? TRAFFIC_KEEP : 0,
  });
  const ends: (() => Promise<void>)[] = [];
  const answers: Partial<Record<Step, Answer>> = {};
  try {
    const { stage, served } = await setUp(witness, profile, simulator, folder, answers, ends);
    ends.unshift(() => served.close());
    await witness.run(stage);
  } catch (error) {
    // Between two steps: nothing that follows it counts.
    answers.init = { kind: "no", reason: (error as Error).message };
  } finally {
    for (const end of ends.reverse()) await end();
    const [modem] = simulator.modems;
    if (keepIn && modem) writeFileSync(join(folder, "dialogue"), dialogue(modem.traffic.entries));
    simulator.stop();
    if (!keepIn) await rm(folder, { recursive: true });
  }
  const untried: Answer = { kind: "no", reason: "not tried" };
  return {
    answers: { init: untried, send: untried, receive: untried, report: untried, ...answers },
    tookMs: systemClock.monotonic() - since,
  };
}

async function setUp(
  witness: Witness,
  profile: Profile,
  simulator: Simulator,
  folder: string,
  answers: Partial<Record<Step, Answer>>,
  ends: (() => Promise<void>)[],
): Promise<{ readonly stage: Stage; readonly served: Served }> {
  const modem = simulator.modem(profile.name);
  const port = join(folder, witness.wire === "pty" ? "modem" : "socket");
  const served = await (witness.wire === "pty" ? servePty(modem, port) : serveUnix(modem, port));
  const stage: Stage = {
    simulator,
    modem,
    profile,
    folder,
    port,
    cleanUp: (end) => ends.push(end),
    step: async (step, carryOut) => {
      if (step !== "init" && answers.init?.kind === "no") {
        answers[step] = { kind: "no", reason: "not tried, init failed" };
        return;
      }
      try {
        await carryOut();
        answers[step] = { kind: "yes" };
      } catch (error) {
        answers[step] = { kind: "no", reason: (error as Error).message };
      }
    },
  };
  return { stage, served };
}

function dialogue(entries: readonly TrafficEntry[]): string {
  return entries
    .map(({ at, from, text }) => `${at} ${from === "host" ? "->" : "<-"} ${JSON.stringify(text)}\n`)
    .join("");
}
