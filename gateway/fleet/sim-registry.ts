/** SIMs as the fleet meets them: stored once, then known by their number. */
import type { Ledger } from "#gateway/messages/ledger.ts";
import type { Calendar } from "#gateway/outbox/calendar.ts";
import { SimMeter } from "#gateway/outbox/meter.ts";
import { type FleetLimits, limitsOf } from "#gateway/outbox/reach.ts";
import { handedOver, recordSim } from "#gateway/outbox/sims.ts";
import { SimSlot } from "#gateway/outbox/slot.ts";
import type { SimIdentity } from "#hardware/modem/types.ts";
import type { Clock } from "#shared/clock.ts";

export interface SimRegistryDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly calendar: Calendar;
  readonly limits: FleetLimits;
}

export class SimRegistry {
  readonly #deps: SimRegistryDeps;
  /** ICCID and modem, as last stored. */
  readonly #known = new Map<string, { readonly number: number; readonly modem: string }>();

  constructor(deps: SimRegistryDeps) {
    this.#deps = deps;
  }

  /** The SIM's number; stored first when it is new or was in another modem. */
  async numberOf(sim: SimIdentity, modem: string): Promise<number> {
    const known = this.#known.get(sim.iccid);
    if (known?.modem === modem) return known.number;
    const { ledger } = this.#deps;
    const number = await ledger.write("sim", (entry) => recordSim(ledger, entry, sim, modem));
    this.#known.set(sim.iccid, { number, modem });
    return number;
  }

  /** A SIM at work in this modem, with its meter counted from the stored attempts. */
  createSlot(number: number, sim: SimIdentity, modem: string, ring: () => void): SimSlot {
    const limits = limitsOf(this.#deps.limits, sim.iccid, modem);
    return new SimSlot({
      sim: number,
      iccid: sim.iccid,
      modem,
      limits,
      meter: this.meter(number, sim.iccid, modem),
      clock: this.#deps.clock,
      ring,
    });
  }

  /** Also for a SIM that is in no modem. */
  meter(number: number, iccid: string, modem: string): SimMeter {
    const { ledger, clock, calendar, limits } = this.#deps;
    return new SimMeter(limitsOf(limits, iccid, modem), clock, calendar, handedOver(ledger.db, number));
  }
}
