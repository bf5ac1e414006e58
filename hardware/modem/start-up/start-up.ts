/** The start-up dialogue, in the order that modems need (field notes 1.1). */
import { GENERIC } from "#hardware/modem/profiles/generic.ts";
import { isMute, type StartContext, type StartFacts, type Step, type Trouble } from "./context.ts";
import { identify } from "./identify.ts";
import { chooseIndications } from "./indications.ts";
import {
  awaitMessageService,
  chooseAcknowledgement,
  chooseBearer,
  choosePduMode,
  findOutAboutLink,
  setServiceCentre,
} from "./message-service.ts";
import { askForRegistration } from "./network.ts";
import { switchRadioOn } from "./radio.ts";
import { identifySim } from "./sim-identity.ts";
import { chooseStorages } from "./storages.ts";
import { agreeOnForm, wake } from "./talk.ts";
import { unlockSim } from "./unlock.ts";

const STEPS: readonly (readonly [string, Step])[] = [
  ["waking the modem", wake],
  ["agreeing on how to talk", agreeOnForm],
  ["asking what modem it is", identify],
  ["switching the radio on", switchRadioOn],
  ["unlocking the SIM", unlockSim],
  ["reading the SIM", identifySim],
  ["asking for the network", askForRegistration],
  ["waiting for the message service", awaitMessageService],
  ["choosing PDU mode", choosePduMode],
  ["reading the service centre", setServiceCentre],
  ["choosing who acknowledges", chooseAcknowledgement],
  ["choosing the storages", chooseStorages],
  ["asking for indications", chooseIndications],
  ["choosing the bearer", chooseBearer],
  ["asking about the kept link", findOutAboutLink],
];

export type StartResult =
  | { readonly kind: "started" }
  | Trouble
  /** The line was closed under it. */
  | { readonly kind: "cut"; readonly detail: string };

/** Runs all steps; `facts` is filled as they go, also when they do not come to the end. */
export async function startUp(context: StartContext, facts: StartFacts): Promise<StartResult> {
  for (const [doing, step] of STEPS) {
    context.board.to("starting", doing);
    const trouble = await step(context, facts);
    const closed = context.channel.closedBecause;
    if (closed !== undefined) return { kind: "cut", detail: closed };
    if (context.signal.aborted) return { kind: "cut", detail: "stopped" };
    // A modem that is silent is not unfit: it is talked to before anything of it is reset.
    if (isMute(context.channel)) return { kind: "mute", detail: `no answer while ${doing}` };
    if (trouble !== undefined) return trouble;
  }
  return { kind: "started" };
}

/** What is known before anything was asked. */
export function noFacts(): StartFacts {
  return {
    profile: GENERIC,
    identity: { imei: "", manufacturer: "", model: "", revision: "", profile: GENERIC.name },
    sim: { iccid: "", imsi: "" },
    registration: {},
    storages: { current: "", listed: [], guessed: [], parameters: 1 },
    mustAcknowledge: false,
    canKeepLink: false,
    indications: "",
  };
}
