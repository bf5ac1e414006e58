/**
 * The ground truth: every SUBMIT that the service centre accepted, in the order of acceptance. Tests
 * compare a gateway's own books with it, so nothing here is ever changed after the fact.
 */
import type { Concatenation, Submit } from "#hardware/pdu/types.ts";

export interface LedgerRecord {
  /** 1, 2, 3, … without gaps. */
  readonly sequence: number;
  /** The simulator's wall clock, milliseconds. */
  readonly at: number;
  readonly imsi: string;
  readonly iccid: string;
  /** Name of the modem that carried it. */
  readonly modem: string;
  /** TP-MR as the SIM counted it. */
  readonly messageReference: number;
  /** TP-DA with `+` when international. */
  readonly destination: string;
  /** The whole PDU with its service centre field and the message reference that went on the air. */
  readonly pduHex: string;
}

export interface LedgerEntry extends LedgerRecord {
  /** Decoded when read; undefined for binary user data. */
  readonly text: string | undefined;
  readonly concatenation: Concatenation | undefined;
}

export interface LedgerFilter {
  /** Only entries with a higher sequence. */
  readonly after?: number;
  readonly imsi?: string;
  readonly modem?: string;
  readonly destination?: string;
  readonly messageReference?: number;
  /** At most so many, the oldest first. */
  readonly limit?: number;
}

export interface LedgerOptions {
  /** At least so many of the newest stay in memory, and at most twice as many; all when absent. */
  readonly keep?: number;
  /** Turns a PDU into its fields; handed in so that accepting a message costs no decoding. */
  readonly decode: (pduHex: string) => Submit | undefined;
}

export class Ledger {
  readonly #options: LedgerOptions;
  #records: LedgerEntry[] = [];
  #count = 0;
  #forgotten = 0;
  readonly #listeners = new Set<(entry: LedgerEntry) => void>();

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  /** All that were ever accepted, forgotten ones included. */
  get count(): number {
    return this.#count;
  }

  /** Entries that `keep` has pushed out. */
  get forgotten(): number {
    return this.#forgotten;
  }

  append(record: Omit<LedgerRecord, "sequence">): LedgerEntry {
    const entry = new Entry(++this.#count, record, this.#options.decode);
    this.#records.push(entry);
    const { keep } = this.#options;
    // Cut in bulk: a shift per entry would cost more than the entry.
    if (keep !== undefined && this.#records.length >= 2 * keep + 1) {
      this.#forgotten += this.#records.length - keep;
      this.#records = this.#records.slice(-keep);
    }
    for (const listener of this.#listeners) listener(entry);
    return entry;
  }

  entries(filter: LedgerFilter = {}): readonly LedgerEntry[] {
    const found: LedgerEntry[] = [];
    const limit = filter.limit ?? Number.POSITIVE_INFINITY;
    // Sequences have no gaps, so the first entry that counts is found without looking.
    for (let i = Math.max(0, (filter.after ?? 0) - this.#forgotten); i < this.#records.length; i++) {
      const entry = this.#records[i] as LedgerEntry;
      if (found.length >= limit) break;
      if (matches(entry, filter)) found.push(entry);
    }
    return found;
  }

  at(sequence: number): LedgerEntry | undefined {
    return this.#records[sequence - 1 - this.#forgotten];
  }

  /** Called with each entry as it is accepted. Returns a function that ends it. */
  subscribe(listener: (entry: LedgerEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function matches(entry: LedgerRecord, filter: LedgerFilter): boolean {
  return (
    (filter.imsi === undefined || entry.imsi === filter.imsi) &&
    (filter.modem === undefined || entry.modem === filter.modem) &&
    (filter.destination === undefined || entry.destination === filter.destination) &&
    (filter.messageReference === undefined || entry.messageReference === filter.messageReference)
  );
}

class Entry implements LedgerEntry {
  readonly sequence: number;
  readonly at: number;
  readonly imsi: string;
  readonly iccid: string;
  readonly modem: string;
  readonly messageReference: number;
  readonly destination: string;
  readonly pduHex: string;
  readonly #decode: LedgerOptions["decode"];

  constructor(sequence: number, record: Omit<LedgerRecord, "sequence">, decode: LedgerOptions["decode"]) {
    this.sequence = sequence;
    this.at = record.at;
    this.imsi = record.imsi;
    this.iccid = record.iccid;
    this.modem = record.modem;
    this.messageReference = record.messageReference;
    this.destination = record.destination;
    this.pduHex = record.pduHex;
    this.#decode = decode;
  }

  // Not kept after decoding: a ledger of a million entries must stay small.
  get text(): string | undefined {
    return this.#decode(this.pduHex)?.userData.text;
  }

  get concatenation(): Concatenation | undefined {
    return this.#decode(this.pduHex)?.userData.concatenation;
  }

  toJSON(): LedgerEntry {
    const userData = this.#decode(this.pduHex)?.userData;
    const { sequence, at, imsi, iccid, modem, messageReference, destination, pduHex } = this;
    const record = { sequence, at, imsi, iccid, modem, messageReference, destination, pduHex };
    return { ...record, text: userData?.text, concatenation: userData?.concatenation };
  }
}
