/**
 * The modem's storages as commands: select, read one, list all, delete one. Each runs inside a job of
 * the wire queue, so that a storage stays selected until its command has been said.
 */
import type { Channel } from "#hardware/at/channel.ts";
import { readCommand, setCommand } from "#hardware/at/command.ts";
import type { DataRecord } from "#hardware/at/conversation.ts";
import { afterPrefix, numberField, splitFields } from "#hardware/at/fields.ts";
import { LIMITS } from "./settings.ts";
import type { Storages } from "./start-up/context.ts";

export interface StoredPdu {
  readonly storage: string;
  readonly index: number;
  readonly hex: string;
  /** `<stat>` of 27.005 3.1: 0 unread, 1 read; 2 and 3 are messages that go out, unsent and sent. */
  readonly state: number;
}

export type ReadResult =
  | { readonly kind: "pdu"; readonly hex: string; readonly state: number | undefined }
  /** Nothing there: read and deleted already, or never written. */
  | { readonly kind: "empty" }
  /** It stays where it is. */
  | { readonly kind: "failed" };

export interface Shelf {
  read(storage: string, index: number): Promise<ReadResult>;
  /** All that lies in it, of whatever state; undefined when it could not be listed. */
  list(storage: string): Promise<readonly StoredPdu[] | undefined>;
  /** Deletes this one index and nothing else: a message that came meanwhile has another one. */
  remove(storage: string, index: number): Promise<boolean>;
}

const ALL = 4;
/** +CMS 321, and +CME 21 and 22: there is nothing at this index. */
const EMPTY = [321, 21, 22];
/** A storage of more slots than this is read only so far. */
const SLOTS_MAX = 255;

export function createShelf(channel: Channel, storages: Storages): Shelf {
  return new ModemShelf(channel, storages);
}

class ModemShelf implements Shelf {
  readonly #channel: Channel;
  readonly #storages: Storages;
  /** `<mem1>`; undefined when nobody knows. */
  #current: string | undefined;
  /** The last storage asked for was refused, and not merely unanswered. */
  #refused = false;
  readonly #unlistable = new Set<string>();
  readonly #missing = new Set<string>();

  constructor(channel: Channel, storages: Storages) {
    this.#channel = channel;
    this.#storages = storages;
    this.#current = storages.current;
  }

  async read(storage: string, index: number): Promise<ReadResult> {
    // An index means something only in its own storage: what was read elsewhere would be deleted here.
    if (!(await this.#select(storage))) return { kind: "failed" };
    const reply = await this.#channel.run(setCommand("+CMGR", index), { timeoutMs: LIMITS.readMs });
    const [record] = reply.records;
    if (reply.kind === "ok" && record !== undefined) {
      const state = numberField(splitFields(afterPrefix(record.header))[0]);
      return { kind: "pdu", hex: record.data.toUpperCase(), state };
    }
    // OK alone, `+CMGR: 0,,0`, CMS 321 (invalid index): the ways of saying "empty".
    const empty = reply.kind === "ok" || (reply.kind === "error" && EMPTY.includes(reply.error.code ?? -1));
    return { kind: empty ? "empty" : "failed" };
  }

  async list(storage: string): Promise<readonly StoredPdu[] | undefined> {
    if (this.#missing.has(storage)) return [];
    if (!(await this.#select(storage))) {
      // Its refusal was no time-out, so it will be refused again.
      if (this.#storages.guessed.includes(storage) && this.#refused) this.#missing.add(storage);
      return undefined;
    }
    if (this.#unlistable.has(storage)) return this.#readAll(storage);
    const reply = await this.#channel.run(setCommand("+CMGL", ALL), { timeoutMs: LIMITS.listMs });
    // An empty storage may be an error to it (phonesim: 321).
    if (reply.kind === "error" && reply.error.code === 321) return [];
    // Some never come to an end with a listing: from now on each slot is read.
    if (reply.kind === "timeout") this.#unlistable.add(storage);
    if (reply.kind !== "ok") return undefined;
    return reply.records.flatMap((record) => listed(storage, record.header, record.data));
  }

  async remove(storage: string, index: number): Promise<boolean> {
    if (!(await this.#select(storage))) return false;
    const reply = await this.#channel.run(setCommand("+CMGD", index), { timeoutMs: LIMITS.deleteMs });
    return reply.kind === "ok" || (reply.kind === "error" && reply.error.code === 321);
  }

  async #select(storage: string): Promise<boolean> {
    if (storage === this.#current || storage === "") return true;
    const timeoutMs = LIMITS.storageMs;
    let reply = await this.#channel.run(setCommand("+CPMS", storage), { timeoutMs });
    if (reply.kind === "error" && this.#storages.parameters === 3) {
      // Some take only all three at once.
      const { writing = storage, current } = this.#storages;
      const all = setCommand("+CPMS", storage, writing, current);
      reply = await this.#channel.run(all, { timeoutMs });
    }
    this.#refused = reply.kind === "error";
    // An error leaves selected what was selected; after silence nobody knows.
    if (reply.kind === "ok") this.#current = storage;
    else if (!this.#refused) this.#current = undefined;
    return reply.kind === "ok";
  }

  /** Slot by slot, until as many were found as the modem says there are. */
  async #readAll(storage: string): Promise<readonly StoredPdu[]> {
    const reply = await this.#channel.run(readCommand("+CPMS"), { timeoutMs: LIMITS.storageMs });
    const fields = splitFields(afterPrefix(reply.lines[0] ?? ""));
    const used = numberField(fields[1]) ?? 0;
    const total = Math.min(numberField(fields[2]) ?? 0, SLOTS_MAX);
    const found: StoredPdu[] = [];
    // Numbering begins at 0 or at 1, so one more than the total is looked at.
    for (let index = 0, seen = 0; index <= total && seen < used; index++) {
      const record = await this.#readSlot(index);
      if (record === undefined) continue;
      seen++;
      found.push(...listed(storage, `+CMGL: ${index},${afterPrefix(record.header)}`, record.data));
    }
    return found;
  }

  async #readSlot(index: number): Promise<DataRecord | undefined> {
    const reply = await this.#channel.run(setCommand("+CMGR", index), { timeoutMs: LIMITS.readMs });
    return reply.kind === "ok" ? reply.records[0] : undefined;
  }
}

/** `+CMGL: 3,1,,24`. The length is not trusted: some count the service centre in. */
function listed(storage: string, header: string, hex: string): readonly StoredPdu[] {
  const fields = splitFields(afterPrefix(header));
  const index = numberField(fields[0]);
  const state = numberField(fields[1]);
  if (index === undefined || index < 0 || state === undefined) return [];
  return [{ storage, index, hex: hex.toUpperCase(), state }];
}
