/**
 * One message memory of 3GPP TS 27.005 3.1 ("SM", "ME", "SR"): numbered places, the lowest free one is
 * used first, as every modem that was watched does it.
 */

/** `<stat>` of 27.005 3.1 in PDU mode. */
export const STATUS = { unread: 0, read: 1, unsent: 2, sent: 3 } as const;
export type MessageStatus = 0 | 1 | 2 | 3;

export interface StoredMessage {
  status: MessageStatus;
  /** Whole PDU with the service centre field, upper-case hexadecimal. */
  readonly pduHex: string;
  /** Octets of the TPDU alone, as `+CMGR` shows them. */
  readonly tpduLength: number;
}

export class MessageStore {
  readonly name: string;
  readonly size: number;
  readonly #places: (StoredMessage | undefined)[];
  #used = 0;
  #lowestFree = 0;

  constructor(name: string, size: number) {
    this.name = name;
    this.size = size;
    this.#places = new Array<StoredMessage | undefined>(size).fill(undefined);
  }

  get used(): number {
    return this.#used;
  }

  get full(): boolean {
    return this.#used >= this.size;
  }

  /** The place it went to, counted from 0, or undefined when the memory is full. */
  add(message: StoredMessage): number | undefined {
    if (this.full) return undefined;
    while (this.#places[this.#lowestFree] !== undefined) this.#lowestFree++;
    this.#places[this.#lowestFree] = message;
    this.#used++;
    return this.#lowestFree++;
  }

  at(place: number): StoredMessage | undefined {
    return this.#places[place];
  }

  remove(place: number): boolean {
    if (this.#places[place] === undefined) return false;
    this.#places[place] = undefined;
    this.#used--;
    this.#lowestFree = Math.min(this.#lowestFree, place);
    return true;
  }

  clear(): void {
    this.#places.fill(undefined);
    this.#used = 0;
    this.#lowestFree = 0;
  }

  /** Places and messages in ascending order. */
  *entries(): Generator<[number, StoredMessage]> {
    for (const [place, message] of this.#places.entries()) if (message) yield [place, message];
  }
}
