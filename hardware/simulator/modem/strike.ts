/** The faults that take the whole modem: it falls silent, restarts or loses its plug. */
import type { FaultAction, ResetOptions } from "#hardware/simulator/faults/actions.ts";
import { shake } from "./shake.ts";
import type { VirtualModem } from "./virtual-modem.ts";

/** True when it did: nothing more is to be said about what was being done. */
export function strike(modem: VirtualModem, fault: FaultAction): boolean {
  switch (fault.kind) {
    case "mute":
      modem.hush(fault.ms);
      return true;
    case "hang":
      modem.ear.hang(fault.cure, fault.unsolicited);
      return true;
    case "reset":
      restart(modem, fault);
      return true;
    case "unplug":
      modem.unplug();
      if (fault.rename) modem.renames++;
      if (fault.replugAfterMs !== undefined) {
        modem.clock.timer(fault.replugAfterMs, () => {
          modem.power.plug(fault.cdRomMs);
          if (fault.deafMs !== undefined) modem.hush(fault.deafMs);
        });
      }
      return true;
    case "brown-out":
      brownOut(modem, fault.times, fault.everyMs);
      return true;
    case "cd-rom":
      modem.power.becomeCdRom(fault.forMs);
      return true;
    case "mode-switch":
      modem.power.switchMode();
      return false;
    default:
      shake(modem, fault);
      return false;
  }
}

function restart(modem: VirtualModem, { reference, deafMs, silent, keepSettings }: ResetOptions): void {
  const before = modem.reference.last;
  modem.reset({ silent: silent ?? false, keepSettings: keepSettings ?? false });
  if (reference === "keep") modem.reference.last = before;
  else if (reference === "reset") modem.reference.restart();
  else if (reference !== undefined) modem.reference.last = reference;
  if (deafMs !== undefined) modem.hush(modem.profile.power.portGoneMs + deafMs);
}

function brownOut(modem: VirtualModem, times: number, everyMs: number): void {
  modem.reset();
  if (times > 1) modem.clock.timer(everyMs, () => brownOut(modem, times - 1, everyMs));
}
