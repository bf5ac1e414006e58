/** What happens around a modem: its SIM, its radio, its memories, what others send to it. */
import type { FaultAction, WorldAction } from "#hardware/simulator/faults/actions.ts";
import { simFor } from "#hardware/simulator/identities.ts";
import { sendBurst } from "#hardware/simulator/network/bursts.ts";
import { mobileTerminated } from "#hardware/simulator/network/mobile-terminated.ts";
import { SAMPLES } from "#hardware/simulator/network/samples.ts";
import { STATUS } from "#hardware/simulator/sim/message-store.ts";
import type { Sim } from "#hardware/simulator/sim/sim.ts";
import type { VirtualModem } from "./virtual-modem.ts";

const HOME = 1;
/** An old message, read long ago, and one that no codec takes. */
const OLD_MESSAGE = mobileTerminated(SAMPLES["class-0"]);
const BROKEN_MESSAGE = { pduHex: "0791947101670000FF", tpduLength: 1 };

/** Actions of other kinds do nothing here. */
export function shake(modem: VirtualModem, action: FaultAction): void {
  switch (action.kind) {
    case "registration":
      modem.radio.register(action.stat, action.domains);
      after(modem, action.forMs, () => modem.radio.register(HOME, action.domains));
      return;
    case "signal": {
      const before = modem.radio.signal;
      modem.radio.signal = action.signal;
      after(modem, action.forMs, () => {
        modem.radio.signal = before;
      });
      return;
    }
    case "noise":
      modem.noise.add(action.everyMs, action.lines, action.forMs);
      return;
    case "say":
      modem.say(action.line);
      return;
    case "time-zone":
      modem.network.setTimeZone(action.quarters);
      modem.time.take(action.quarters, action.daylightHours);
      return;
    case "echo-on":
      modem.settings.echo = true;
      return;
    case "operator":
      modem.network.operator.impose(action.rules);
      return;
    default:
      shakeSim(modem, action as WorldAction);
  }
}

function shakeSim(modem: VirtualModem, action: WorldAction): void {
  const { sim } = modem;
  switch (action.kind) {
    case "sim-out":
      modem.insert(undefined, action.silent);
      if (sim) after(modem, action.forMs, () => modem.insert(sim, action.silent));
      return;
    case "sim-swap":
      modem.insert(undefined, action.silent);
      modem.insert(newSim(modem), action.silent);
      return;
    case "sim-busy":
      trouble(modem, "busy", action.forMs);
      return;
    case "sim-failure":
      trouble(modem, "failed", action.forMs);
      return;
    case "sim-lock":
      if (sim === undefined) return;
      sim.pinEnabled = true;
      if (action.pin !== undefined) sim.pin = action.pin;
      if (action.lock !== "pin") sim.pinTries = 0;
      if (action.lock === "blocked") sim.pukTries = 0;
      modem.insert(sim);
      return;
    default:
      shakeMessages(modem, action);
  }
}

function shakeMessages(modem: VirtualModem, action: WorldAction): void {
  const { network, sim, memories } = modem;
  switch (action.kind) {
    case "fill-storage":
      while (memories.used(action.storage) < memories.total(action.storage) - (action.leave ?? 0)) {
        const { pduHex, tpduLength } = OLD_MESSAGE;
        memories.add(action.storage, { status: STATUS.read, pduHex, tpduLength });
      }
      return;
    case "report-storage":
      modem.reportStorage = action.storage;
      return;
    case "block-port":
      modem.guard.reason = action.reason ?? undefined;
      after(modem, action.forMs, () => {
        modem.guard.reason = undefined;
      });
      return;
    case "fixed-dialling":
      if (sim) {
        sim.dialsFixed = action.numbers !== null;
        sim.fixedNumbers = action.numbers ?? sim.fixedNumbers;
      }
      return;
    case "corrupt-slot":
      memories.add(action.storage, { status: STATUS.unread, ...BROKEN_MESSAGE });
      return;
    case "incoming":
      if (sim) sendIncoming(modem, sim, action);
      return;
    case "incoming-sample":
      if (sim) network.sendPduToSim({ imsi: sim.imsi }, SAMPLES[action.sample]);
      return;
    default:
  }
}

function sendIncoming(
  { network, clock }: VirtualModem,
  { imsi }: Sim,
  action: Extract<WorldAction, { kind: "incoming" }>,
): void {
  const { from, text, order, count = 1, everyMs = 0 } = action;
  const message = {
    imsi,
    from,
    text,
    ...(order && { order }),
    ...(action.class !== undefined && { class: action.class }),
  };
  sendBurst(network, clock, message, { count, everyMs });
}

function after(modem: VirtualModem, ms: number | undefined, act: () => void): void {
  if (ms !== undefined) modem.clock.timer(ms, act);
}

function trouble(modem: VirtualModem, kind: "busy" | "failed", forMs: number | undefined): void {
  const { sim } = modem;
  if (sim === undefined) return;
  sim.trouble = kind;
  modem.simChanged();
  after(modem, forMs, () => {
    sim.trouble = undefined;
    modem.simChanged();
  });
}

/** The next card of this network. */
function newSim({ network }: VirtualModem): Sim {
  const sim = simFor({}, network.subscribers.simCount, network.settings);
  network.subscribers.addSim(sim);
  return sim;
}
