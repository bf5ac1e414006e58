/**
 * One modem: its profile, its SIM, what it remembers and where it stands. Commands change it, the
 * network hands it messages, the AT port speaks for it.
 */
import type { Faults } from "#hardware/simulator/faults/faults.ts";
import type { Latency } from "#hardware/simulator/network/latency.ts";
import type { Mailbox, Receipt, Station } from "#hardware/simulator/network/mailbox.ts";
import type { MobileTerminated } from "#hardware/simulator/network/mobile-terminated.ts";
import type { Network } from "#hardware/simulator/network/network.ts";
import type { Profile } from "#hardware/simulator/profiles/types.ts";
import type { Sim, SimLock } from "#hardware/simulator/sim/sim.ts";
import type { Clock } from "#shared/clock.ts";
import type { Random } from "#shared/random.ts";
import { Calls } from "./calls.ts";
import { Ear } from "./ear.ts";
import { Incoming } from "./incoming.ts";
import { Memories } from "./memories.ts";
import { NetworkTime } from "./network-time.ts";
import { NoiseMaker } from "./noise-maker.ts";
import { PortGuard } from "./port-guard.ts";
import { Power, type Restart } from "./power.ts";
import { Radio, type RegistrationStat } from "./radio.ts";
import { Reference } from "./reference.ts";
import { registrationLine } from "./registration-line.ts";
import { defaultSettings, type RegistrationCommand, type Settings } from "./settings.ts";
import { Terminals } from "./terminals.ts";
import type { UssdEntry } from "./ussd.ts";

export interface VirtualModemDeps {
  readonly name: string;
  readonly imei: string;
  readonly profile: Profile;
  readonly sim: Sim | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: Faults;
  readonly network: Network;
}

/** `busy` and `failed` are answered with an error before this is asked. */
const LOCK_NAMES: Readonly<Record<SimLock, string>> = {
  open: "READY",
  pin: "SIM PIN",
  puk: "SIM PUK",
  blocked: "SIM PUK",
  busy: "NOT READY",
  failed: "SIM FAILURE",
};

/** AT+CFUN: 0 minimum, 1 full, 4 radio off. */
export type Functionality = 0 | 1 | 4;

export class VirtualModem implements Station {
  readonly name: string;
  readonly imei: string;
  readonly profile: Profile;
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: Faults;
  readonly network: Network;
  readonly memories: Memories;
  readonly reference: Reference;
  readonly incomingRoute: Incoming;
  readonly calls: Calls;
  readonly ear: Ear;
  readonly noise: NoiseMaker;
  readonly radio: Radio;
  readonly power: Power;
  readonly terminals = new Terminals();
  readonly guard = new PortGuard();
  settings: Settings;
  functionality: Functionality = 1;
  /** The SIM's PIN was given since power-up. */
  pinVerified = false;
  /** When the network last answered a submit, for AT+CMMS. */
  lastSubmitAt = Number.NEGATIVE_INFINITY;
  readonly time: NetworkTime;
  /** Where reports go with ds=2. */
  reportStorage: "SR" | "SM" | "ME";
  /** AT&F was given since power-up. */
  defaultsRestored = false;
  /** How often its port came back under another name. */
  renames = 0;
  /** Of this modem's radio; the network's own when undefined. */
  latency: Latency | undefined;
  /** Bits a second of its line; without end when undefined. */
  baud: number | undefined;
  /** Answers that an open USSD dialogue expects. */
  ussdDialogue: Readonly<Record<string, UssdEntry>> | undefined;
  #sim: Sim | undefined;
  #mutedUntil = 0;
  #startingUntil = 0;
  readonly #announced: Record<RegistrationCommand, RegistrationStat> = { CREG: 1, CGREG: 1, CEREG: 1 };
  readonly #presenceListeners = new Set<(present: boolean) => void>();

  constructor(deps: VirtualModemDeps) {
    this.name = deps.name;
    this.imei = deps.imei;
    this.profile = deps.profile;
    this.clock = deps.clock;
    this.random = deps.random;
    this.faults = deps.faults;
    this.network = deps.network;
    this.#sim = deps.sim;
    this.time = new NetworkTime(this, deps.network.settings.timeZoneQuarters);
    const { storage, power, routing } = deps.profile;
    this.reportStorage = routing.reportStorage;
    this.memories = new Memories(storage.sizes, storage.firstIndex, () => this.#sim?.messages);
    this.reference = new Reference(deps.profile.reference, () => this.#sim);
    this.settings = defaultSettings(deps.profile);
    this.incomingRoute = new Incoming(this);
    this.calls = new Calls(this);
    this.ear = new Ear(this);
    this.radio = new Radio(() => this.#join());
    this.power = new Power(deps.clock, power, {
      presence: (present) => this.#announce(present),
      lost: (keepSettings) => this.#forget(keepSettings),
      say: (line) => this.say(line.replace("{lock}", this.lockName())),
      progressed: () => this.#join(),
      simOpen: () => this.#sim?.lock(this.pinVerified) === "open",
    });
    this.noise = new NoiseMaker(this);
    this.#join();
  }

  get sim(): Sim | undefined {
    return this.#sim;
  }

  /** Takes the SIM out, or puts another one in; the modem sees it at once, and says so unless `silent`. */
  insert(sim: Sim | undefined, silent = false): void {
    this.mailbox?.join(undefined);
    this.#sim = sim;
    this.pinVerified = false;
    this.power.simInserted();
    if (!silent) this.say(`+CPIN: ${this.lockName()}`);
  }

  /** The SIM answers otherwise than before. */
  simChanged(): void {
    this.#join();
  }

  woken(): void {
    this.mailbox?.alert();
  }

  cured(): void {
    this.terminals.reset();
  }

  get mailbox(): Mailbox | undefined {
    return this.#sim && this.network.subscribers.mailboxOfSim(this.#sim.imsi);
  }

  get simUsable(): boolean {
    return !this.starting && this.functionality !== 0 && this.#sim?.lock(this.pinVerified) === "open";
  }

  /** Registered, so that short messages pass. */
  get served(): boolean {
    return this.simUsable && this.power.ready.network && this.functionality === 1 && this.radio.registered;
  }

  get takesMessages(): boolean {
    return this.power.ready.sms && this.served && !this.ear.asleep;
  }

  /** `<stat>` as the host sees it: a modem that is off or still looking is not registered yet. */
  registration(command: RegistrationCommand): RegistrationStat {
    if (this.functionality !== 1) return 0;
    const stat = this.radio.stat(command);
    return this.power.ready.network && this.simUsable ? stat : stat === 0 ? 0 : 2;
  }

  /** What AT+CPIN? answers when the SIM is there. */
  lockName(): string {
    const lock = this.#sim?.lock(this.pinVerified);
    if (lock === undefined) return "NOT INSERTED";
    return LOCK_NAMES[lock];
  }

  incoming(pdu: MobileTerminated, answer: (receipt: Receipt) => void): void {
    this.incomingRoute.take(pdu, answer);
  }

  say(line: string): void {
    if (!this.power.present || this.mute || this.ear.silent) return;
    const { faults, name } = this;
    const fault = faults.has("unsolicited") ? faults.take("unsolicited", { modem: name, line }) : undefined;
    if (fault?.kind === "drop-line") return;
    this.terminals.say(line, fault);
    if (fault?.kind === "duplicate-line") this.terminals.say(line);
  }

  /** Nothing is read or written while mute. */
  get mute(): boolean {
    if (this.#mutedUntil === 0) return false;
    if (this.clock.monotonic() < this.#mutedUntil) return true;
    this.#mutedUntil = 0;
    return false;
  }

  /** For `ms`, or until it restarts. */
  hush(ms = Number.POSITIVE_INFINITY): void {
    this.#mutedUntil = this.clock.monotonic() + ms;
  }

  /** The SIM cannot be asked yet. */
  get starting(): boolean {
    return !this.power.ready.sim || this.clock.monotonic() < this.#startingUntil;
  }

  setFunctionality(functionality: Functionality): void {
    const { startingAfterRadioMs = 0 } = this.profile.quirks ?? {};
    if (functionality === 1 && this.functionality !== 1 && startingAfterRadioMs > 0) {
      this.#startingUntil = this.clock.monotonic() + startingAfterRadioMs;
      this.clock.timer(startingAfterRadioMs, () => this.#join());
    }
    this.functionality = functionality;
    this.#join();
  }

  /** The PIN was right: what the modem can do now comes up by steps. */
  unlocked(): void {
    this.pinVerified = true;
    this.power.unlocked();
    this.#join();
  }

  reset(how?: Restart): void {
    this.power.restart(how);
  }

  /** Pulls the plug; transports see the port go away. */
  unplug(): void {
    this.power.unplug();
  }

  replug(): void {
    this.power.plug();
  }

  /** Told when the port appears or goes away. Returns a function that ends it. */
  onPresence(listener: (present: boolean) => void): () => void {
    this.#presenceListeners.add(listener);
    return () => this.#presenceListeners.delete(listener);
  }

  #announce(present: boolean): void {
    for (const listener of [...this.#presenceListeners]) listener(present);
  }

  #forget(keepSettings: boolean): void {
    this.#mutedUntil = 0;
    this.#startingUntil = 0;
    this.reference.powerLost();
    this.defaultsRestored = false;
    this.terminals.talking = 0;
    this.ear.restart();
    this.pinVerified = false;
    this.functionality = 1;
    if (!keepSettings) this.settings = defaultSettings(this.profile);
    this.noise.restart();
    this.ussdDialogue = undefined;
    this.incomingRoute.forget();
    this.calls.forget();
    this.terminals.reset();
  }

  /** Tells the network whether the SIM can be reached, and the host what changed (27.007 7.2). */
  #join(): void {
    const { mailbox } = this;
    const station = this.served ? this : undefined;
    for (const command of this.profile.registrations) {
      const stat = this.registration(command);
      const isNews = stat !== this.#announced[command];
      this.#announced[command] = stat;
      if (isNews && this.settings.registrationLevels[command] > 0) {
        this.say(registrationLine(this, command, stat, false));
      }
    }
    if (mailbox === undefined || mailbox.station === station) return;
    mailbox.join(station);
    if (station) this.time.announce();
  }
}
