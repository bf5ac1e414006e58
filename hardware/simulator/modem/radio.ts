/** What the modem knows of the network: registration by domain, signal, cell. */
import type { RegistrationCommand } from "./settings.ts";

/** `<stat>` of 27.007 7.2: 0 idle, 1 home, 2 searching, 3 denied, 4 unknown, 5 roaming, 6/7 SMS only, 8 emergency. */
export type RegistrationStat = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10;

export interface Cell {
  readonly areaCode: number;
  readonly cellId: number;
}

/** States in which short messages pass (27.007 7.2; 9 and 10 are "CSFB not preferred"). */
const SERVED: ReadonlySet<RegistrationStat> = new Set<RegistrationStat>([1, 5, 6, 7, 9, 10]);

export class Radio {
  /** +CSQ: 0..31, 99 unknown. */
  signal = 20;
  bitErrorRate = 99;
  cell: Cell = { areaCode: 0xce00, cellId: 0x1cead8f };
  readonly #stats: Record<RegistrationCommand, RegistrationStat> = { CREG: 1, CGREG: 1, CEREG: 1 };
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  stat(command: RegistrationCommand): RegistrationStat {
    return this.#stats[command];
  }

  /** Any domain that carries short messages is enough. */
  get registered(): boolean {
    const { CREG, CGREG, CEREG } = this.#stats;
    return SERVED.has(CREG) || SERVED.has(CGREG) || SERVED.has(CEREG);
  }

  /** The domain's name is that of its command; all three when absent. */
  register(
    stat: RegistrationStat,
    domains: readonly RegistrationCommand[] = ["CREG", "CGREG", "CEREG"],
  ): void {
    for (const domain of domains) this.#stats[domain] = stat;
    this.#changed();
  }
}
