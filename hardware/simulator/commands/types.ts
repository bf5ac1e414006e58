/** The shape of a command: what each form answers and what must be there for it. */
import type { Answer } from "#hardware/simulator/modem/answers.ts";
import type { VirtualModem } from "#hardware/simulator/modem/virtual-modem.ts";

/**
 * - `sim`: an unlocked SIM, else CME 10..14
 * - `sms`: an unlocked SIM and the message service, else CMS 310..316
 * - `network`: `sms`, and registration, else CMS 331
 */
export type Need = "sim" | "sms" | "network";

export interface Command {
  readonly needs?: Need;
  /** Forms that need less than the rest. */
  readonly test?: (modem: VirtualModem) => Answer;
  readonly read?: (modem: VirtualModem) => Answer;
  readonly run?: (modem: VirtualModem, value: string) => Answer;
  readonly set?: (modem: VirtualModem, value: string) => Answer;
}

export type CommandTable = Readonly<Record<string, Command>>;
