/**
 * Modems, SIMs, one network and the phones at its other end, in software. Everything that it does
 * follows from its options, its clock and its chance, so a run can be repeated.
 */
import type { OpenPort } from "#hardware/port/port.ts";
import type { Clock } from "#shared/clock.ts";
import type { Random } from "#shared/random.ts";
import { commandsOf } from "./commands/commands.ts";
import type { LifeAction, WorldAction } from "./faults/actions.ts";
import { type FaultSpec, Faults } from "./faults/faults.ts";
import { digitsFor, type ModemOptions, simFor } from "./identities.ts";
import { Ledger } from "./ledger.ts";
import { AtPort } from "./modem/at-port.ts";
import type { PortGuard } from "./modem/port-guard.ts";
import { strike } from "./modem/strike.ts";
import type { Socket } from "./modem/terminal.ts";
import { VirtualModem } from "./modem/virtual-modem.ts";
import { otherPorts, type SimulatedPort } from "./modem-ports.ts";
import { decodeDeliver, decodeSubmit, joinedText, originatorOf } from "./network/codec.ts";
import { Handset } from "./network/handset.ts";
import { latencyOf } from "./network/latency.ts";
import { Network } from "./network/network.ts";
import { type NetworkOptions, networkSettings } from "./network/options.ts";
import { Subscribers } from "./network/subscribers.ts";
import { profileNamed } from "./profiles/profiles.ts";
import { stoppable } from "./timers.ts";
import { inProcessPort } from "./transports/in-process.ts";
import { Traffic } from "./transports/traffic.ts";

export interface SimulatorOptions {
  readonly clock: Clock;
  /** Seeded for a run that can be repeated. */
  readonly random: Random;
  readonly modems: readonly ModemOptions[];
  readonly network?: NetworkOptions;
  readonly faults?: readonly FaultSpec[];
  /** See `LedgerOptions.keep`. */
  readonly ledgerKeep?: number;
  /** Newest writes of each port that are kept for reading; none when absent. */
  readonly trafficKeep?: number;
  /** Cuts what in-process ports deliver into random pieces. */
  readonly chunked?: boolean;
}

export interface SimulatedModem {
  readonly name: string;
  readonly imei: string;
  /** In-process transport: one owner at a time. */
  readonly open: OpenPort;
  /** The AT port, for other transports. */
  readonly socket: Socket;
  readonly modem: VirtualModem;
  readonly traffic: Traffic;
  /** Those that a USB modem has beside this one. */
  readonly ports: readonly SimulatedPort[];
  readonly present: boolean;
  readonly guard: PortGuard;
  /** How often the port came back under another name. */
  readonly renames: number;
  onPresence(listener: (present: boolean) => void): () => void;
  /** Pulls the plug, and puts it back in. */
  unplug(): void;
  replug(): void;
  /** Restarts as after AT+CFUN=1,1. */
  reset(): void;
  /** Anything that can happen at a moment: see `WorldAction` and `LifeAction`. */
  strike(action: LifeAction | WorldAction): void;
}

export interface Simulator {
  readonly modems: readonly SimulatedModem[];
  readonly network: Network;
  readonly ledger: Ledger;
  readonly faults: Faults;
  readonly clock: Clock;
  /** The phone with this number; it is made when nobody asked for it before. */
  handset(number: string): Handset;
  /** @throws RangeError that names the modems there are. */
  modem(name: string): SimulatedModem;
  /** Takes back all timers. */
  stop(): void;
}

export function createSimulator(options: SimulatorOptions): Simulator {
  const { random } = options;
  const { clock, stop } = stoppable(options.clock);
  const faults = new Faults(random, clock);
  const ledger = new Ledger({
    decode: decodeSubmit,
    ...(options.ledgerKeep !== undefined && { keep: options.ledgerKeep }),
  });
  const settings = networkSettings(options.network ?? {});
  const subscribers: Subscribers = new Subscribers(clock, settings, (name, mailbox) => {
    const reply = (to: string, text: string, afterMs: number): void =>
      network.replyTo(to, { from: name, text }, afterMs);
    const around = {
      clock,
      mailbox,
      decode: decodeDeliver,
      originator: originatorOf,
      join: joinedText,
      reply,
    };
    return new Handset(name, around);
  });
  const network = new Network({ clock, random, ledger, faults, subscribers, settings });
  const { chunked = false, trafficKeep = 0 } = options;
  const shared = { clock, random, faults, network, chunked, trafficKeep };
  const modems = options.modems.map((modem, index) => assemble(modem, index, shared));
  faults.perform = (name, action) => {
    for (const { modem } of modems) if (name === undefined || modem.name === name) strike(modem, action);
  };
  for (const fault of options.faults ?? []) faults.arm(fault);
  return {
    modems,
    network,
    ledger,
    faults,
    clock,
    handset: (number) => subscribers.handset(number),
    modem: (name) => {
      const found = modems.find((modem) => modem.name === name);
      if (found) return found;
      throw new RangeError(`no modem "${name}"; there are ${modems.map((modem) => modem.name).join(", ")}`);
    },
    stop,
  };
}

interface Shared {
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: Faults;
  readonly network: Network;
  readonly chunked: boolean;
  readonly trafficKeep: number;
}

function assemble(options: ModemOptions, index: number, shared: Shared): SimulatedModem {
  const profile = typeof options.profile === "string" ? profileNamed(options.profile) : options.profile;
  const name = options.name ?? `modem${index}`;
  const imei = options.imei ?? digitsFor.imei(profile.imeiPrefix, index);
  const sim = options.sim === null ? undefined : simFor(options.sim ?? {}, index, shared.network.settings);
  if (sim) shared.network.subscribers.addSim(sim);
  const modem = new VirtualModem({ ...shared, name, imei, profile, sim });
  modem.baud = options.baud;
  if (options.latency !== undefined) {
    modem.latency = latencyOf(options.latency === "own" ? profile.radio.latency : options.latency);
  }
  const traffic = new Traffic(shared.clock, shared.trafficKeep);
  const run = commandsOf(modem);
  const socket = traffic.watch(new AtPort(modem, run));
  const simulated: Omit<SimulatedModem, "open" | "ports"> = {
    name,
    imei,
    socket,
    modem,
    traffic,
    guard: modem.guard,
    get present() {
      return modem.power.present;
    },
    get renames() {
      return modem.renames;
    },
    onPresence: (listener) => modem.onPresence(listener),
    unplug: () => modem.unplug(),
    replug: () => modem.replug(),
    reset: () => modem.reset(),
    strike: (action) => void strike(modem, action),
  };
  const ports = otherPorts(modem, run, simulated);
  const open = inProcessPort(simulated, socket, {
    ...(shared.chunked && { chunks: shared.random }),
    refusal: () => {
      if (modem.guard.reason !== undefined) return modem.guard.reason;
      const fault = shared.faults.has("open") ? shared.faults.take("open", { modem: name }) : undefined;
      return fault?.kind === "refuse-open" ? fault.reason : undefined;
    },
  });
  return Object.defineProperties({} as SimulatedModem, {
    ...Object.getOwnPropertyDescriptors(simulated),
    ports: { value: ports, enumerable: true },
    open: { value: withSpare(open, ports), enumerable: true },
  });
}

/** The second AT port, as discovery finds it on a real USB modem. */
function withSpare(open: OpenPort, ports: readonly SimulatedPort[]): OpenPort {
  const other = ports.find(({ role }) => role === "modem");
  return other === undefined ? open : Object.assign(open, { spare: async () => other.open });
}
