/** What the control API shows. */

import type { VirtualModem } from "#hardware/simulator/modem/virtual-modem.ts";
import type { Handset } from "#hardware/simulator/network/handset.ts";
import type { Network } from "#hardware/simulator/network/network.ts";
import type { Sim } from "#hardware/simulator/sim/sim.ts";
import type { SimulatedModem } from "#hardware/simulator/simulator.ts";

export function simView(sim: Sim, verified: boolean): object {
  return {
    imsi: sim.imsi,
    iccid: sim.iccid,
    number: sim.number,
    lock: sim.lock(verified),
    pinTries: sim.pinTries,
    pukTries: sim.pukTries,
    serviceCentre: sim.serviceCentre,
    lastReference: sim.lastReference,
    storage: { used: sim.messages.used, size: sim.messages.size },
  };
}

export function modemView({ name, imei, modem, present, ports }: SimulatedModem): object {
  const { radio, memories, mailbox, sim } = modem;
  return {
    name,
    imei,
    profile: modem.profile.name,
    present,
    usb: usbId(modem),
    cdRom: modem.power.cdRom,
    blocked: modem.guard.reason ?? null,
    ports: ports.map((port) => ({ name: port.name, role: port.role, written: port.written })),
    functionality: modem.functionality,
    served: modem.served,
    signal: radio.signal,
    registration: { CREG: radio.stat("CREG"), CGREG: radio.stat("CGREG"), CEREG: radio.stat("CEREG") },
    storage: {
      ME: { used: memories.used("ME"), size: memories.total("ME") },
      SR: { used: memories.used("SR"), size: memories.total("SR") },
    },
    lastReference: modem.reference.last,
    waitingMessages: mailbox?.waiting ?? 0,
    sim: sim ? simView(sim, modem.pinVerified) : null,
  };
}

/** As lsusb shows it now; null for a module on a UART. */
function usbId({ profile, power }: VirtualModem): string | null {
  const { usb } = profile;
  if (usb === undefined) return null;
  return (power.cdRom ? usb.cdRomId : undefined) ?? usb.id;
}

export function handsetView(handset: Handset): object {
  const { name, state, slowMs, rules, received, mailbox } = handset;
  return { number: name, state, slowMs, replies: rules, waiting: mailbox.waiting, received };
}

export function networkView({ settings, pending, refusal }: Network): object {
  return { ...settings, refusal: refusal ?? null, pendingMessages: pending };
}
