/** Why nobody can open the modem's port now, although it is there. */

/** As EBUSY, EACCES and EIO are. */
export type OpenRefusal = "busy" | "denied" | "failed";

export class PortGuard {
  #reason: OpenRefusal | undefined;
  readonly #listeners = new Set<(reason: OpenRefusal | undefined) => void>();

  /** Undefined while it can be opened. Who has it open keeps it. */
  get reason(): OpenRefusal | undefined {
    return this.#reason;
  }

  set reason(reason: OpenRefusal | undefined) {
    this.#reason = reason;
    for (const listener of [...this.#listeners]) listener(reason);
  }

  /** Returns a function that ends it. */
  onChange(listener: (reason: OpenRefusal | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
