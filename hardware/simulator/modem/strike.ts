/** The faults that take the whole modem: it falls silent, restarts or loses its plug. */
import type { FaultAction } from "#hardware/simulator/faults/faults.ts";
import type { VirtualModem } from "./virtual-modem.ts";

/** True when it did: nothing more is to be said about what was being done. */
export function strike(modem: VirtualModem, fault: FaultAction): boolean {
  switch (fault.kind) {
    case "mute":
      modem.hush(fault.ms);
      return true;
    case "reset":
      modem.reset();
      return true;
    case "unplug":
      modem.unplug();
      if (fault.replugAfterMs !== undefined) modem.clock.timer(fault.replugAfterMs, () => modem.replug());
      return true;
    default:
      return false;
  }
}
