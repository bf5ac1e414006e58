/**
 * Writes the dialogue on a port as a transcript that replays (`transcript.ts`). It shows message texts
 * and numbers as PDUs, so it is never on by itself; `hideMessages` blanks them. PINs are always blanked.
 */
import type { Clock } from "#shared/clock.ts";
import type { OpenPort, Port } from "./port.ts";
import { receivedLines, sentLine } from "./transcript.ts";

export interface TraceOptions {
  /** Replaces the digits of PDUs by zeros, but for the first octets, which tell what kind they are. */
  readonly hideMessages?: boolean;
}

/** Shorter silences are part of every dialogue. */
const SILENCE_MS_MIN = 1_000;

/** Opens as before; each line of the dialogue also goes to `sink`, without a line end. */
export function withTrace(
  open: OpenPort,
  sink: (line: string) => void,
  clock: Clock,
  options: TraceOptions = {},
): OpenPort {
  const hide = options.hideMessages === true ? (line: string) => hideMessages(hidePins(line)) : hidePins;
  const traced: OpenPort = async (handlers) => {
    let lastAt = clock.monotonic();
    const note = (lines: readonly string[]): void => {
      const silentMs = clock.monotonic() - lastAt;
      lastAt += silentMs;
      if (silentMs >= SILENCE_MS_MIN) sink(`! silence ${Math.round(silentMs) / 1_000}s`);
      for (const line of lines) sink(hide(line));
    };
    const port = await open({
      data(bytes) {
        note(receivedLines(bytes));
        handlers.data(bytes);
      },
      closed(reason) {
        note(["! unplug", `# ${reason}`]);
        handlers.closed(reason);
      },
    });
    note([`# ${port.name}`, "! plug"]);
    return tracedPort(port, note);
  };
  // What is said on another port is another dialogue, and is not in this one.
  return open.spare === undefined ? traced : Object.assign(traced, { spare: open.spare });
}

function tracedPort(port: Port, note: (lines: readonly string[]) => void): Port {
  return {
    name: port.name,
    write(bytes) {
      // First, because the answer may come before the write returns.
      note([sentLine(bytes)]);
      port.write(bytes);
    },
    close: () => port.close(),
  };
}

/** `AT+CPIN="1234"` and its kin, in both directions, since a modem may echo. */
function hidePins(line: string): string {
  return line.replace(/(\+CPIN=|\+CLCK=|\+CPWD=)(.*?)(?=\\r|"?$)/g, (_all, name: string, rest: string) => {
    return name + rest.replace(/\d/g, "*");
  });
}

const PDU_DIGITS_MIN = 20;

/** The service centre and the first octet of the TPDU stay; the rest is who and what. */
function hideMessages(line: string): string {
  return line.replace(/(?<![0-9A-Fa-f])[0-9A-Fa-f]{20,}(?![0-9A-Fa-f])/g, (hex) => {
    const centreDigits = Number.parseInt(hex.slice(0, 2), 16) * 2;
    const shown = centreDigits <= PDU_DIGITS_MIN + 4 ? centreDigits + 4 : 2;
    return hex.slice(0, shown) + "0".repeat(Math.max(0, hex.length - shown));
  });
}
