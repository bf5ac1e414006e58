/** What a witness is: a program that nobody here wrote, driving one virtual modem in four steps. */
import type { Profile } from "#hardware/simulator/profiles/types.ts";
import type { SimulatedModem, Simulator } from "#hardware/simulator/simulator.ts";

export const STEPS = ["init", "send", "receive", "report"] as const;
export type Step = (typeof STEPS)[number];

/** A witness's modem and the world around it. */
export interface Stage {
  readonly simulator: Simulator;
  readonly modem: SimulatedModem;
  readonly profile: Profile;
  /** The witness's own, removed afterwards. */
  readonly folder: string;
  /** A pty, or a unix socket for a witness that wants one. */
  readonly port: string;
  /** Carries out a step and notes how it ended; a step after a failed `init` is not tried. */
  step(step: Step, carryOut: () => Promise<void>): Promise<void>;
  /** To be called when the witness is done with the modem, the last first. */
  cleanUp(end: () => Promise<void>): void;
}

export interface Witness {
  readonly name: string;
  /** Debian packages, unchanged. */
  readonly packages: readonly string[];
  readonly wire: "pty" | "unix";
  /** How many modems it drives at the same time, one process for each. */
  readonly atOnce: number;
  run(stage: Stage): Promise<void>;
}

/** The phone that each witness writes to; its reports come back from it. */
export const RECIPIENT = "+4915112345678";
/** Who writes to the witness's SIM. */
export const SENDER = "+491771234567";

/** Lets `SENDER` write to the SIM of the stage. */
export function writeTo({ simulator, modem }: Stage, text: string): void {
  simulator.network.sendToSim({ from: SENDER, to: modem.modem.sim?.number ?? "", text });
}
