/** A modem that is told what to say, in place of the driver. */
import type { ModemDeps } from "#hardware/modem/deps.ts";
import type {
  Modem,
  ModemStatus,
  SimIdentity,
  StoredEntry,
  StoredStatus,
  StoreOutcome,
  SubmitOutcome,
} from "#hardware/modem/types.ts";
import type { EncodedPdu } from "#hardware/pdu/types.ts";

export const SIM_A: SimIdentity = { iccid: "8949000000000000001", imsi: "262010000000001" };
export const SIM_B: SimIdentity = { iccid: "8949000000000000002", imsi: "262010000000002" };

export class FakeModem implements Modem {
  readonly name: string;
  readonly deps: ModemDeps;
  readonly submitted: {
    readonly pdu: EncodedPdu;
    readonly more: boolean;
    readonly sim: string | undefined;
  }[] = [];
  /** What the next submits come to; accepted when none is left. */
  readonly outcomes: (SubmitOutcome | Promise<SubmitOutcome> | Error)[] = [];
  status: ModemStatus = { state: "absent", detail: "no port" };
  stopped = false;
  #reference = 0;

  constructor(deps: ModemDeps) {
    this.name = deps.name;
    this.deps = deps;
  }

  say(status: Partial<ModemStatus>): void {
    this.status = { ...this.status, detail: "", ...status };
    this.deps.events.status(this.status);
  }

  ready(sim: SimIdentity): void {
    this.say({ state: "ready", sim });
  }

  /** As above, in a session of that number: what it says of references may be believed. */
  readyIn(session: number, sim: SimIdentity = SIM_A): void {
    this.say({ state: "ready", sim, session });
  }

  async submit(pdu: EncodedPdu, options?: { readonly more?: boolean }): Promise<SubmitOutcome> {
    this.submitted.push({ pdu, more: options?.more ?? false, sim: this.status.sim?.iccid });
    const outcome = await this.outcomes.shift();
    if (outcome instanceof Error) throw outcome;
    return outcome ?? { kind: "accepted", messageReference: this.#reference++ % 256 };
  }

  /** This one keeps no reference and stores nothing. */
  async lastReference(): Promise<number | undefined> {
    return undefined;
  }

  async store(_pdu: EncodedPdu): Promise<StoreOutcome> {
    return { kind: "not-stored", reason: "this modem has no storage" };
  }

  async sendStored(_entry: StoredEntry): Promise<SubmitOutcome> {
    return { kind: "not-sent", reason: "this modem has no storage" };
  }

  async storedStatus(_entry: StoredEntry): Promise<StoredStatus | undefined> {
    return undefined;
  }

  async removeUnsent(_fingerprints: readonly string[]): Promise<boolean> {
    return true;
  }

  async deleteStored(_entry: StoredEntry): Promise<void> {}

  async stop(): Promise<void> {
    this.stopped = true;
    this.say({ state: "stopped" });
  }
}
