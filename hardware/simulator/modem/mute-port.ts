/**
 * A port of a USB modem that speaks no AT: binary frames of Qualcomm's DIAG protocol, or the sentences of
 * a GPS receiver. It answers nothing, and counts what a host should never have written.
 */
import type { Clock } from "#shared/clock.ts";
import type { Socket, Wire, WireEnd } from "./terminal.ts";

export type MuteRole = "diagnostic" | "gps";

interface Speech {
  readonly everyMs: number;
  readonly text: string;
}

const SPEECH: Readonly<Record<MuteRole, Speech>> = {
  // Log packet 0x10 with its check sum and the end flag 0x7e.
  diagnostic: { everyMs: 2_000, text: "\x10\x00\x1c\x00\x1c\x00\x7d\x5e\x11\x9a\x04\x7e" },
  gps: { everyMs: 1_000, text: "$GPRMC,,V,,,,,,,,,,N*53\r\n$GPGSV,1,1,00*79\r\n" },
};

export class MutePort implements Socket {
  readonly #speech: Speech;
  readonly #clock: Clock;
  #wire: Wire | undefined;
  #cancel: () => void = () => undefined;
  /** Octets that came; on real ports they may crash the modem. */
  written = 0;

  constructor(role: MuteRole, clock: Clock) {
    this.#speech = SPEECH[role];
    this.#clock = clock;
  }

  attach(wire: Wire): WireEnd | undefined {
    if (this.#wire !== undefined) return undefined;
    this.#wire = wire;
    this.#talk();
    return {
      receive: (text) => {
        this.written += text.length;
      },
      detach: () => {
        if (this.#wire !== wire) return;
        this.#wire = undefined;
        this.#cancel();
      },
    };
  }

  #talk(): void {
    this.#cancel = this.#clock.timer(this.#speech.everyMs, () => {
      this.#wire?.write(this.#speech.text);
      this.#talk();
    });
  }
}
