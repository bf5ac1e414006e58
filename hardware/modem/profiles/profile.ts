/** What differs from family to family, as data. The code asks the profile; it never asks for a name. */
import type { AtCommand } from "#hardware/at/command.ts";

export interface PinTriesQuery {
  readonly command: AtCommand;
  /** Its group `left` is the number of PIN tries. */
  readonly answer: RegExp;
}

export interface IccidQuery {
  readonly command: AtCommand;
  /** How the answer begins, where it is not the command's own name. */
  readonly prefixes?: readonly string[];
  /** The answer may be the bare digits. */
  readonly bare?: boolean;
}

/** What the modem says by itself, beyond what all modems say. */
export interface Announcements {
  /** It has restarted, or will at once. */
  readonly restart: readonly RegExp[];
  /** A part of it is ready: seen while it boots. Later it means that it has restarted. */
  readonly booting: readonly RegExp[];
  /** It can take no more messages. */
  readonly storageFull: readonly RegExp[];
  /** The SIM came, went or changed. */
  readonly simChanged: readonly RegExp[];
  /** Of no use to us. */
  readonly noise: readonly RegExp[];
}

export interface Profile {
  readonly name: string;
  /** Key of the vendor's error table. */
  readonly vendor: string;
  /** On the answers of AT+CGMI and AT+CGMM. The generic profile matches all that no other does. */
  readonly manufacturer: RegExp;
  readonly model?: RegExp;
  /** How long the network may take to answer a submit. */
  readonly submitAnswerMs: number;
  /**
   * Keeps the last TP-MR in EF_SMSS (23.040 9.2.3.6, 31.102 4.2.9) from the moment a SUBMIT is built. Told
   * only of what is known to do so: a file that does not move would look like a message that never left.
   */
  readonly keepsLastReference: boolean;
  readonly pinTries: readonly PinTriesQuery[];
  /** After the PIN was taken, the SIM is left alone for so long. */
  readonly pinSettleMs: number;
  readonly iccid: readonly IccidQuery[];
  /** Sent once, after the model is known; a refusal is no harm. */
  readonly init: readonly AtCommand[];
  /** Restarts the modem when AT+CFUN=1,1 did not help. */
  readonly reset: readonly AtCommand[];
  readonly announces: Announcements;
  readonly quirks: {
    /** AT+CMMS is ignored or does harm. */
    readonly noMoreMessages: boolean;
    /** A +CMT must not be acknowledged, even with CSMS=1. */
    readonly noDeliverAcknowledge: boolean;
    /** AT+CNMA takes a number. */
    readonly acknowledgeWithNumber: boolean;
    /** Modes of AT+CNMI that it lists and then does not serve. */
    readonly refusedModes: readonly number[];
  };
}

export type ProfilePatch = Pick<Profile, "name" | "vendor" | "manufacturer"> &
  Partial<Omit<Profile, "announces" | "quirks">> & {
    readonly announces?: Partial<Announcements>;
    readonly quirks?: Partial<Profile["quirks"]>;
  };
