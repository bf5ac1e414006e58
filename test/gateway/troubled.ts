/** A world in which one submit goes wrong, and what was seen of it afterwards. */
import type { Evidence, NewMessage } from "#gateway/messages/types.ts";
import type { FaultSpec } from "#hardware/simulator/faults/faults.ts";
import { number, World, type WorldOptions } from "./world.ts";

/** The modem reads nothing of the PDU, gives its prompt up while nobody hears it, and is back before our limit. */
export const UNBUILT: FaultSpec = { at: "pdu", action: { kind: "mute", ms: 122_000 } };
/** The network has it, and nobody hears of that. */
export const UNHEARD: FaultSpec = { at: "answer", command: "+CMGS", action: { kind: "drop-answer" } };
export const NO_REPORT: FaultSpec = { at: "report", action: { kind: "lose-report" } };
/** Longer than any modem's limit. */
export const LIMIT_MS = 400_000;

export class Troubled {
  readonly world: World;

  constructor(options: WorldOptions = {}) {
    this.world = new World({ modems: ["quectel-ec25"], network: { latency: 50 }, ...options });
  }

  async start(): Promise<this> {
    await this.world.start();
    return this;
  }

  /** What was seen of one segment, over all its attempts. */
  async evidence(id: string | undefined, segment = 1): Promise<readonly Evidence[]> {
    const { segments } = await this.world.message(id);
    return segments[segment - 1]?.history?.flatMap((attempt) => attempt.evidence) ?? [];
  }

  async verdicts(id: string | undefined): Promise<readonly string[]> {
    return (await this.evidence(id)).map(({ kind, verdict }) => `${kind}: ${verdict}`);
  }

  /** How often the network took something for this recipient. */
  sentTo(n: number): number {
    return this.world.simulator.ledger.entries({ destination: number(n) }).length;
  }

  settled(): Readonly<Record<string, number>> {
    const all = Object.entries(this.world.core.metrics().unknownSettled);
    return Object.fromEntries(all.filter(([, count]) => count > 0));
  }

  /** The references of the only modem; `next` is somebody else who sends by its SIM. */
  get references() {
    return this.world.simulator.modem("modem0").modem.reference;
  }

  /** One that goes well, so that the SIM's last reference is known. */
  async opening(): Promise<void> {
    const [id] = await this.world.send({ to: number(0), report: false });
    await this.until(id, "submitted");
  }

  /** After it, the one that is in trouble. */
  async trouble(fault: FaultSpec, fields: Partial<NewMessage> = {}): Promise<string> {
    await this.opening();
    this.world.simulator.faults.arm({ ...fault, nth: 1 });
    const [id] = await this.world.send({ to: number(1), ...fields });
    await this.world.until(() => this.world.core.metrics().segments.submitting === 1);
    await this.world.until(() => this.world.core.metrics().segments.submitting === 0, LIMIT_MS);
    return id as string;
  }

  until(id: string | undefined, state: string, msMax = 2 * LIMIT_MS): Promise<void> {
    return this.world.until(async () => (await this.world.state(id)) === state, msMax);
  }
}
