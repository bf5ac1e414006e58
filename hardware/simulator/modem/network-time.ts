/**
 * What the network tells of the time (NITZ, 24.008 10.5.3.8, 10.5.3.9, 10.5.3.12): the clock of AT+CCLK
 * follows, and the family says so in its own way.
 */
import type { Profile } from "#hardware/simulator/profiles/types.ts";
import type { Clock } from "#shared/clock.ts";
import type { Settings } from "./settings.ts";

export interface TimeHost {
  readonly clock: Clock;
  readonly profile: Profile;
  readonly settings: Settings;
  readonly served: boolean;
  readonly noise: { readonly on: boolean };
  say(line: string): void;
}

const QUARTER_HOUR_MS = 900_000;

export class NetworkTime {
  readonly #host: TimeHost;
  /** Zone in quarter hours, daylight saving included. */
  quarters: number;
  /** Hours of daylight saving in it, 0 to 2. */
  daylight = 0;
  /** Of AT+CCLK from the simulator's clock, milliseconds. */
  offsetMs = 0;

  constructor(host: TimeHost, quarters: number) {
    this.#host = host;
    this.quarters = quarters;
  }

  /** `+04`, `-20`: quarter hours with their sign. */
  get zone(): string {
    return `${this.quarters < 0 ? "-" : "+"}${String(Math.abs(this.quarters)).padStart(2, "0")}`;
  }

  /** Local time: `2026-11-22T00:33:10`. */
  get local(): string {
    const at = this.#host.clock.now() + this.offsetMs + this.quarters * QUARTER_HOUR_MS;
    return new Date(at).toISOString().slice(0, 19);
  }

  /** The network is in another zone from now on, or its summer time begins or ends. */
  take(quarters: number, daylight = 0): void {
    if (!this.#host.served || (quarters === this.quarters && daylight === this.daylight)) return;
    this.quarters = quarters;
    this.daylight = daylight;
    this.announce();
  }

  /** Also said when the modem registers. */
  announce(): void {
    const { settings, profile, noise } = this.#host;
    const level = settings.timeZoneCodes;
    if (level === 1) this.#host.say(`+CTZV: "${this.zone}"`);
    if (level >= 2) this.#host.say(`+CTZE: "${this.zone}",${this.daylight},"${this.#filled(DATE)}"`);
    const { time } = profile;
    const wanted = time?.command === undefined ? noise.on : settings.networkTime;
    if (time && wanted) for (const line of time.lines) this.#host.say(this.#filled(line));
  }

  /** `{yyyy} {yy} {MM} {dd} {hh} {mm} {ss} {zone} {dst}`; `{M}` and so on without a leading zero. */
  #filled(text: string): string {
    const [yyyy = "", MM = "", dd = "", hh = "", mm = "", ss = ""] = this.local.split(/[-T:]/);
    const fields: Readonly<Record<string, string>> = {
      ...{ yyyy, MM, dd, hh, mm, ss, yy: yyyy.slice(2), zone: this.zone, dst: String(this.daylight) },
      ...{ M: bare(MM), d: bare(dd), h: bare(hh), m: bare(mm), s: bare(ss) },
    };
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => fields[name] ?? whole);
  }
}

const DATE = "{yyyy}/{MM}/{dd},{hh}:{mm}:{ss}";

function bare(digits: string): string {
  return String(Number(digits));
}
