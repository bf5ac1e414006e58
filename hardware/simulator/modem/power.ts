/**
 * Power and port of one modem: when it is there, when its SIM, its message service and its registration
 * are ready, and what it says on the way.
 */
import type { BootLine, Power as PowerProfile } from "#hardware/simulator/profiles/types.ts";
import type { Clock } from "#shared/clock.ts";

export interface PowerEvents {
  /** The port appeared or went away. */
  readonly presence: (present: boolean) => void;
  /** Power was lost; settings are to be forgotten unless they are kept. */
  readonly lost: (keepSettings: boolean) => void;
  readonly say: (line: string) => void;
  /** SIM, message service or registration moved on. */
  readonly progressed: () => void;
  /** Whether the SIM is there and unlocked: some boot lines wait for it. */
  readonly simOpen: () => boolean;
}

/** What has come up so far. */
export interface Readiness {
  readonly sim: boolean;
  readonly sms: boolean;
  readonly network: boolean;
}

/** How a modem restarts. */
export interface Restart {
  /** Without boot lines. */
  readonly silent: boolean;
  readonly keepSettings: boolean;
}

const LOUD: Restart = { silent: false, keepSettings: false };
const ALL_READY: Readiness = { sim: true, sms: true, network: true };
const NOTHING_READY: Readiness = { sim: false, sms: false, network: false };

export class Power {
  readonly #clock: Clock;
  readonly #profile: PowerProfile;
  readonly #events: PowerEvents;
  readonly #timers = new Set<() => void>();
  #ready: Readiness = ALL_READY;
  /** Counts the cards that came up: what was under way for an earlier one does not count. */
  #card = 0;
  /** How often power was lost: what was under way before does not come to its end. */
  losses = 0;
  #present = true;
  #plugged = true;
  #cdRom = false;

  constructor(clock: Clock, profile: PowerProfile, events: PowerEvents) {
    this.#clock = clock;
    this.#profile = profile;
    this.#events = events;
  }

  get ready(): Readiness {
    return this.#ready;
  }

  /** Whether a port can be opened. */
  get present(): boolean {
    return this.#present;
  }

  get plugged(): boolean {
    return this.#plugged;
  }

  /** Plugged in, and nothing but a CD-ROM to the host. */
  get cdRom(): boolean {
    return this.#cdRom;
  }

  /** As after AT+CFUN=1,1 or a brown-out: the port goes away for a while when it is a USB one. */
  restart({ silent, keepSettings }: Restart = LOUD): void {
    if (this.#cdRom) return;
    this.#down(keepSettings);
    const { portGoneMs } = this.#profile;
    if (portGoneMs === 0) {
      this.#up(silent);
      return;
    }
    this.#show(false);
    this.#in(portGoneMs, () => this.#up(silent));
  }

  unplug(): void {
    this.#plugged = false;
    this.#cdRom = false;
    this.#down();
    this.#show(false);
  }

  /** With `cdRomMs` it is a CD-ROM first, as a stick is until usb-modeswitch has seen it. */
  plug(cdRomMs?: number): void {
    if (this.#plugged) return;
    this.#plugged = true;
    if (cdRomMs === undefined) this.#up();
    else this.becomeCdRom(cdRomMs);
  }

  /** For `forMs`, or until it is switched. */
  becomeCdRom(forMs?: number): void {
    if (!this.#plugged) return;
    this.#down();
    this.#cdRom = true;
    this.#show(false);
    if (forMs !== undefined) this.#in(forMs, () => this.switchMode());
  }

  switchMode(): void {
    if (!this.#cdRom) return;
    this.#cdRom = false;
    this.#up();
  }

  /** Lines and readiness that follow the PIN. */
  unlocked(): void {
    const { afterPin, smsReadyMs, registeredMs } = this.#profile;
    this.#ready = { ...this.#ready, sms: false, network: false };
    this.#sayAll(afterPin);
    this.#in(smsReadyMs, () => this.#reach({ sms: true }));
    this.#in(registeredMs, () => this.#reach({ network: true }));
  }

  /** Another card: it has to come up, then the rest that depends on it. */
  simInserted(): void {
    this.#ready = NOTHING_READY;
    this.#events.progressed();
    this.#bringUpSim();
  }

  #down(keepSettings = false): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.losses++;
    this.#ready = NOTHING_READY;
    this.#events.lost(keepSettings);
    this.#events.progressed();
  }

  #up(silent = false): void {
    this.#show(true);
    if (!silent) this.#sayAll(this.#profile.boot);
    this.#bringUpSim();
  }

  #bringUpSim(): void {
    const { simReadyMs, smsReadyMs, registeredMs } = this.#profile;
    const card = ++this.#card;
    const later = (ms: number, act: () => void): void =>
      this.#in(ms, () => {
        if (card === this.#card) act();
      });
    later(simReadyMs, () => {
      this.#reach({ sim: true });
      if (!this.#events.simOpen()) return;
      later(smsReadyMs - simReadyMs, () => this.#reach({ sms: true }));
      later(registeredMs - simReadyMs, () => this.#reach({ network: true }));
    });
  }

  #show(present: boolean): void {
    if (this.#present === present) return;
    this.#present = present;
    this.#events.presence(present);
  }

  #reach(part: Partial<Readiness>): void {
    this.#ready = { ...this.#ready, ...part };
    this.#events.progressed();
  }

  #sayAll(lines: readonly BootLine[]): void {
    for (const line of lines) {
      this.#in(line.afterMs, () => {
        if (line.needsSim !== true || this.#events.simOpen()) this.#events.say(line.text);
      });
    }
  }

  #in(ms: number, act: () => void): void {
    const cancel = this.#clock.timer(Math.max(0, ms), () => {
      this.#timers.delete(cancel);
      act();
    });
    this.#timers.add(cancel);
  }
}
