/**
 * A SIM: who the subscriber is, what locks it, and what it remembers without power: its messages, the
 * service centre (EF_SMSP) and the last message reference (EF_SMSS, 3GPP TS 31.102 4.2.9).
 */
import { MessageStore } from "./message-store.ts";

/** What `AT+CPIN?` would show for the card by itself. */
export type SimLock = "open" | "pin" | "puk" | "blocked" | "busy" | "failed";

export interface SimOptions {
  /** 15 digits. */
  readonly imsi: string;
  /** 19 or 20 digits. */
  readonly iccid: string;
  /** MSISDN with `+`. */
  readonly number: string;
  /** Asked at power-up when given. */
  readonly pin?: string;
  readonly puk?: string;
  readonly pin2?: string;
  /** Service centre of EF_SMSP with `+`. */
  readonly serviceCentre: string;
  /** Places for messages; real cards hold 10 to 50. */
  readonly storageSize?: number;
  /** Last TP-MR used, 0..255; the next message gets one more. 255 on a fresh card. */
  readonly lastReference?: number;
  /** Fixed dialling (31.102 4.4.2.3): only these numbers; off when absent. */
  readonly fixedDialling?: readonly string[];
}

const PIN_TRIES = 3;
const PUK_TRIES = 10;
const STORAGE_SIZE_DEFAULT = 30;

export class Sim {
  readonly imsi: string;
  readonly iccid: string;
  readonly number: string;
  readonly messages: MessageStore;
  serviceCentre: string;
  /** EF_SMSS, octet 1. */
  lastReference: number;
  pin: string;
  pin2: string;
  /** EF_FDN, and whether only its numbers may be dialled. */
  fixedNumbers: readonly string[];
  dialsFixed: boolean;
  readonly puk: string;
  pinEnabled: boolean;
  /** It does not answer for now, or is broken. */
  trouble: "busy" | "failed" | undefined;
  pinTries = PIN_TRIES;
  pukTries = PUK_TRIES;
  pin2Tries = PIN_TRIES;
  puk2Tries = PUK_TRIES;

  constructor(options: SimOptions) {
    this.imsi = options.imsi;
    this.iccid = options.iccid;
    this.number = options.number;
    this.serviceCentre = options.serviceCentre;
    this.messages = new MessageStore("SM", options.storageSize ?? STORAGE_SIZE_DEFAULT);
    this.lastReference = options.lastReference ?? 255;
    this.fixedNumbers = options.fixedDialling ?? [];
    this.dialsFixed = options.fixedDialling !== undefined;
    this.pin = options.pin ?? "0000";
    this.pin2 = options.pin2 ?? "1111";
    this.puk = options.puk ?? "12345678";
    this.pinEnabled = options.pin !== undefined;
  }

  /** An entry stands for itself and for all that begins with it (22.101 A.24). */
  mayDial(number: string): boolean {
    return !this.dialsFixed || this.fixedNumbers.some((entry) => number.startsWith(entry));
  }

  /** What still stands between this card and service; `verified` is the power session's own memory. */
  lock(verified: boolean): SimLock {
    if (this.trouble) return this.trouble;
    if (this.pinTries === 0) return this.pukTries === 0 ? "blocked" : "puk";
    return this.pinEnabled && !verified ? "pin" : "open";
  }

  /** Each wrong try counts down and stays counted down over power cycles (31.101 9.5). */
  verifyPin(pin: string): boolean {
    if (this.pinTries === 0) return false;
    if (pin === this.pin) {
      this.pinTries = PIN_TRIES;
      return true;
    }
    this.pinTries--;
    return false;
  }

  unblock(puk: string, newPin: string): boolean {
    if (this.pukTries === 0) return false;
    if (puk !== this.puk) {
      this.pukTries--;
      return false;
    }
    this.pin = newPin;
    this.pinTries = PIN_TRIES;
    this.pukTries = PUK_TRIES;
    return true;
  }

  verifyPin2(pin: string): boolean {
    if (this.pin2Tries === 0) return false;
    if (pin === this.pin2) {
      this.pin2Tries = PIN_TRIES;
      return true;
    }
    this.pin2Tries--;
    return false;
  }
}
