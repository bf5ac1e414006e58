/** A channel whose far end is in the test's hands. */
import { expect } from "vitest";
import { type Channel, createChannel } from "#hardware/at/channel.ts";
import type { Token } from "#hardware/at/tokenizer.ts";
import { PortClosed } from "#hardware/port/port.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";

export class ChannelRig {
  readonly clock = new SimulatedClock();
  readonly written: string[] = [];
  readonly unsolicited: Token[] = [];
  /** The port takes nothing any more. */
  closed = false;
  readonly channel: Channel;

  constructor() {
    this.channel = createChannel({
      clock: this.clock,
      write: (bytes) => {
        if (this.closed) throw new PortClosed("closed");
        this.written.push(Buffer.from(bytes).toString("latin1"));
      },
      onUnsolicited: (token) => this.unsolicited.push(token),
    });
  }

  says(text: string): void {
    this.channel.feed(Buffer.from(text, "latin1"));
  }

  /** What came unsolicited, as lines. */
  lines(): string[] {
    return this.unsolicited.flatMap((token) => (token.kind === "line" ? [token.text] : []));
  }

  /** Lets the channel get its AT answered after ESC CR, and its question after that. */
  async answerResync(): Promise<void> {
    await this.clock.advance(300);
    expect(this.written.slice(-2)).toEqual(["\x1b\r", "AT\r"]);
    this.says("\r\nOK\r\n");
    await this.clock.advance(300);
    expect(this.written.at(-1)).toBe("AT+CMGF?\r");
    this.says("\r\n+CMGF: 0\r\n\r\nOK\r\n");
    await this.clock.advance(0);
  }
}
