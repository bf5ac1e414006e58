/**
 * What the gateway knows of a modem. A `Modem` outlives its port: it identifies, unlocks, registers,
 * loses the port, finds it again, and says so by its state.
 */
import type { EncodedPdu } from "#hardware/pdu/types.ts";

/**
 * - `absent`: no port; looked for again and again
 * - `starting`: port open, start-up dialogue running
 * - `searching`: set up, but not registered with a network
 * - `ready`: takes submits
 * - `sim-blocked`: the SIM is missing, locked, barred or broken; a person must act (`detail` says how)
 * - `recovering`: went silent; the recovery ladder is climbing
 * - `stopped`: ended by `stop()`
 */
export type ModemState =
  | "absent"
  | "starting"
  | "searching"
  | "ready"
  | "sim-blocked"
  | "recovering"
  | "stopped";

export interface ModemIdentity {
  readonly imei: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly revision: string;
  /** The profile chosen for it, by name (`hardware/modem/profiles`). */
  readonly profile: string;
  /**
   * The modem keeps the TP-MR it used last in EF_SMSS of the SIM (3GPP TS 31.102 4.2.9), says its
   * profile. Only then does `lastReference` tell anything.
   */
  readonly keepsLastReference?: boolean;
  /** So long after Ctrl-Z or AT+CMSS the network has answered, or never will; milliseconds. */
  readonly answerLimitMs?: number;
}

export interface SimIdentity {
  readonly iccid: string;
  readonly imsi: string;
}

export interface ModemStatus {
  readonly state: ModemState;
  /** Why it is in this state, in one sentence for people. */
  readonly detail: string;
  readonly modem?: ModemIdentity;
  readonly sim?: SimIdentity;
  readonly operator?: string;
  /** dBm, negative; absent when the modem does not know. */
  readonly signalDbm?: number;
  readonly registration?: "home" | "roaming" | "searching" | "denied" | "none";
  readonly serviceCentre?: string;
  /**
   * Counts this object's start-up dialogues, from 1: between two submits with the same value neither
   * modem nor port began anew.
   */
  readonly session?: number;
}

/** What an error asks for (field tables of 27.005 3.2.5, 24.011 and the vendors' own codes). */
export type ErrorAction =
  | "retry"
  | "other-sim"
  | "number-dead"
  | "message-dead"
  | "park-sim"
  | "reset-modem"
  | "slow-down"
  | "unknown"
  | "done";

export interface ModemError {
  readonly family: "cms" | "cme" | "plain";
  /** Absent for a bare ERROR. */
  readonly code?: number;
  readonly text: string;
  readonly action: ErrorAction;
  /** For `retry` and `slow-down`: the least time before the next try. */
  readonly retryAfterMs?: number;
  /** What to do instead when it came so many times for one message on one modem. */
  readonly escalation?: { readonly afterTries: number; readonly action: ErrorAction };
}

/**
 * - `accepted`: the network took it; `messageReference` is TP-MR, absent when the modem gave none
 * - `refused`: proven not sent; `error.action` says what to do
 * - `not-sent`: proven not sent, because no octet of the PDU was written
 * - `unknown`: the PDU left us and no answer came, or one that does not tell (CMS 332 and the like)
 */
export type SubmitOutcome =
  | { readonly kind: "accepted"; readonly messageReference?: number; readonly note?: string }
  | { readonly kind: "refused"; readonly error: ModemError }
  | { readonly kind: "not-sent"; readonly reason: string }
  | { readonly kind: "unknown"; readonly reason: string; readonly error?: ModemError };

/** A PDU that lies on the modem, put there by `store`. */
export interface StoredEntry {
  /** `<mem2>` of 27.005 3.1: SM, ME, … */
  readonly storage: string;
  readonly index: number;
  /** Tells its TPDU from another one that was put there later, whatever its TP-MR. */
  readonly fingerprint: string;
}

/**
 * - `stored`: it lies there, unsent
 * - `refused`: it does not; `error.action` says what to do
 * - `not-stored`: nobody said that it does. Nothing was sent; an orphan may lie there
 */
export type StoreOutcome =
  | { readonly kind: "stored"; readonly entry: StoredEntry }
  | { readonly kind: "refused"; readonly error: ModemError }
  | { readonly kind: "not-stored"; readonly reason: string };

/**
 * What became of a stored PDU (`<stat>` 2 and 3 of 27.005 3.1). `sent` is proof. A modem marks an entry
 * when the network's answer reaches it, so `unsent` is proof only when `answerLimitMs` has passed since
 * AT+CMSS, and the modem did not restart meanwhile. `gone`: nothing lies there, or something else.
 */
export type StoredStatus = "unsent" | "sent" | "gone";

/** A PDU read from the modem: a DELIVER or a STATUS-REPORT, still in hexadecimal. */
export interface ReceivedPdu {
  readonly hex: string;
  readonly sim: SimIdentity;
  /** Where it was stored; absent for PDUs routed straight to us (+CMT, +CDS). */
  readonly stored?: { readonly storage: string; readonly index: number };
  readonly receivedAt: number;
}

export interface ModemEvents {
  readonly status: (status: ModemStatus) => void;
  /** A DELIVER. The modem's stored copy is deleted only after this resolves, so it must be durable. */
  readonly deliver: (pdu: ReceivedPdu) => Promise<void>;
  /** A STATUS-REPORT; the same rule. */
  readonly report: (pdu: ReceivedPdu) => Promise<void>;
  /**
   * The modem's answer to the last submit that ended `unknown` came after all. It comes once at most,
   * before the next submit is taken. Before the first submit of this object it is the answer to one of
   * the process before: only that it was accepted is told then, and maybe before the modem is `ready`.
   */
  readonly late?: (outcome: SubmitOutcome) => void;
}

/**
 * Remembers each PIN that was tried on each SIM, durably and before it is tried. Only a PIN that is
 * known to have opened the SIM may be given to it again: after a crash in between it counts as tried.
 */
export interface PinMemory {
  wasTried(iccid: string, pin: string): Promise<boolean>;
  recordTry(iccid: string, pin: string): Promise<void>;
  /** The PIN was right: its try is forgotten. */
  forgetTry(iccid: string, pin: string): Promise<void>;
}

export interface Modem {
  readonly name: string;
  readonly status: ModemStatus;
  /**
   * Hands one PDU to the network. Only while `ready`, and one at a time: otherwise `not-sent`.
   * Never rejects. May take as long as the profile's submit limit (185 s by default).
   * `more` says that another segment follows at once, so the link is worth keeping open (AT+CMMS).
   */
  submit(pdu: EncodedPdu, options?: { readonly more?: boolean }): Promise<SubmitOutcome>;
  /**
   * The TP-MR that the modem used last, as EF_SMSS of the SIM has it (31.102 4.2.9). Undefined when the
   * profile's modem does not keep it there, the SIM has no such file, it could not be read, or it was
   * seen not to follow the references that the modem itself gave. Only while `ready`. Never rejects.
   * The same value before and after a submit proves that it was not built only on a modem that is known
   * to follow: there the value before is the reference of the submit before it.
   */
  lastReference(): Promise<number | undefined>;
  /** Puts a PDU on the modem without sending it (AT+CMGW). Only while `ready`. Never rejects. */
  store(pdu: EncodedPdu): Promise<StoreOutcome>;
  /** Hands a stored PDU to the network (AT+CMSS); in all else it is `submit`. */
  sendStored(entry: StoredEntry, options?: { readonly more?: boolean }): Promise<SubmitOutcome>;
  /** Undefined when it could not be read. Only while `ready`. Never rejects. */
  storedStatus(entry: StoredEntry): Promise<StoredStatus | undefined>;
  /**
   * Deletes what lies in the storage for outgoing PDUs unsent, with one of these fingerprints, and was not
   * put there in this session. False when that is not sure. Only while `ready`; never rejects.
   */
  removeUnsent(fingerprints: readonly string[]): Promise<boolean>;
  /** Deletes it, if it is still that PDU. Only while `ready`; never rejects. */
  deleteStored(entry: StoredEntry): Promise<void>;
  /** Finishes a submit on the air, then closes the port. */
  stop(): Promise<void>;
}
