/** A core in memory with modems that are told what to say. */
import { type Core, openCore } from "#gateway/core.ts";
import type { EventType, NewMessage } from "#gateway/messages/types.ts";
import { PortError } from "#hardware/port/port.ts";
import { silentLogger } from "#shared/logger.ts";
import { seededRandom } from "#shared/random.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { FakeModem } from "./fake-modem.ts";
import { message } from "./world.ts";

export class FakeFleet {
  readonly clock = new SimulatedClock();
  readonly core: Core;
  readonly #modems: FakeModem[] = [];

  constructor(modems: number) {
    this.core = openCore({
      databasePath: ":memory:",
      clock: this.clock,
      random: seededRandom(1),
      log: silentLogger,
      modems: Array.from({ length: modems }, (_, i) => ({
        name: `m${i}`,
        port: `/dev/m${i}`,
        open: () => Promise.reject(new PortError("missing", "not used")),
        settings: {},
      })),
      createModem: (deps) => {
        const modem = new FakeModem(deps);
        this.#modems.push(modem);
        return modem;
      },
    });
  }

  async start(): Promise<this> {
    this.core.start();
    await this.core.started;
    return this;
  }

  modem(index: number): FakeModem {
    return this.#modems[index] as FakeModem;
  }

  async accept(...fields: readonly Partial<NewMessage>[]): Promise<string[]> {
    const result = await this.core.messages.accept(fields.map(message), { keyId: "key" });
    if (result.kind !== "accepted") throw new Error(result.kind);
    return result.messages.map(({ id }) => id);
  }

  /** Lets everything that waits for no timer come to its end. */
  async settled(): Promise<void> {
    for (let turn = 0; turn < 10; turn++) await this.clock.advance(0);
  }

  async states(ids: readonly string[]): Promise<(string | undefined)[]> {
    return Promise.all(ids.map(async (id) => (await this.core.messages.get(id))?.state));
  }

  async events(type: EventType): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return (await this.core.events.after(0, 100, [type])).map(({ data }) => data);
  }
}
