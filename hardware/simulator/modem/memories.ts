/**
 * The message memories of one modem: SM is on the SIM, ME and SR are its own, MT is SM and ME seen as
 * one (27.005 3.1): first the places of ME, then those of SM.
 */
import type { StorageName } from "#hardware/simulator/profiles/types.ts";
import { MessageStore, type StoredMessage } from "#hardware/simulator/sim/message-store.ts";

export interface Place {
  readonly index: number;
  readonly message: StoredMessage;
  readonly remove: () => void;
}

export class Memories {
  readonly #own: { readonly ME: MessageStore; readonly SR: MessageStore };
  readonly #firstIndex: number;
  readonly #sim: () => MessageStore | undefined;

  constructor(
    sizes: { readonly ME: number; readonly SR: number },
    firstIndex: number,
    sim: () => MessageStore | undefined,
  ) {
    this.#own = { ME: new MessageStore("ME", sizes.ME), SR: new MessageStore("SR", sizes.SR) };
    this.#firstIndex = firstIndex;
    this.#sim = sim;
  }

  /** Memories behind a name, in the order in which their places are counted. */
  #stores(name: StorageName): readonly MessageStore[] {
    const sim = this.#sim();
    const onSim = sim ? [sim] : [];
    if (name === "MT") return [this.#own.ME, ...onSim];
    return name === "SM" ? onSim : [this.#own[name]];
  }

  used(name: StorageName): number {
    return this.#stores(name).reduce((sum, store) => sum + store.used, 0);
  }

  total(name: StorageName): number {
    return this.#stores(name).reduce((sum, store) => sum + store.size, 0);
  }

  /** Index as commands count it, or undefined when the memory is full. */
  add(name: StorageName, message: StoredMessage): number | undefined {
    let before = this.#firstIndex;
    for (const store of this.#stores(name)) {
      const place = store.add(message);
      if (place !== undefined) return before + place;
      before += store.size;
    }
    return undefined;
  }

  /** Whether the index names a place at all, used or free. */
  has(name: StorageName, index: number): boolean {
    return index >= this.#firstIndex && index < this.#firstIndex + this.total(name);
  }

  find(name: StorageName, index: number): Place | undefined {
    let place = index - this.#firstIndex;
    for (const store of this.#stores(name)) {
      if (place < 0) return undefined;
      if (place < store.size) return placeOf(store, place, index);
      place -= store.size;
    }
    return undefined;
  }

  list(name: StorageName): readonly Place[] {
    const found: Place[] = [];
    let before = this.#firstIndex;
    for (const store of this.#stores(name)) {
      for (const [place, message] of store.entries()) {
        found.push({ index: before + place, message, remove: () => store.remove(place) });
      }
      before += store.size;
    }
    return found;
  }
}

function placeOf(store: MessageStore, place: number, index: number): Place | undefined {
  const message = store.at(place);
  return message && { index, message, remove: () => store.remove(place) };
}
