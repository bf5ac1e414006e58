/**
 * The places of a conversation with a modem at which the process may die: what stands between two
 * states there is not a write to the database but octets on a wire.
 */
import type { OpenPort } from "#hardware/port/port.ts";
import { systemClock } from "#shared/clock.ts";

export const WIRE_PLACES = [
  /** AT+CMGS is about to be written, and was just written. */
  "before-command",
  "after-command",
  /** AT+CMSS, which sends what was stored first. */
  "before-stored-send",
  "after-stored-send",
  /** The prompt is here, and the driver has not seen it. */
  "prompt-came",
  /** PDU and Ctrl-Z, in one write. After it the octets may still be in this process. */
  "before-pdu",
  "after-pdu",
  /** The modem has the PDU, and the network has not answered. */
  "on-the-air",
  /** `+CMGS: n` is here, and the driver has not seen it. */
  "answer-came",
  /** +CDSI or +CMTI is here. */
  "announced",
  "before-read",
  "read-came",
  "before-delete",
  "after-delete",
  /** The modem says that it has deleted it. */
  "deleted",
] as const;
export type WirePlace = (typeof WIRE_PLACES)[number];

/** Less than the time in the network, more than octets take through a pty. */
const ON_THE_AIR_MS = 100;
/** Of what was read, so much is looked at: a token may come in two pieces. */
const TAIL_CHARS = 64;

const COMMANDS: readonly (readonly [pattern: RegExp, before: WirePlace, after?: WirePlace])[] = [
  [/^AT\+CMGS=/, "before-command", "after-command"],
  [/[0-9A-F]{20}.$/, "before-pdu", "after-pdu"],
  [/^AT\+CMSS=/, "before-stored-send", "after-stored-send"],
  [/^AT\+CMGR=/, "before-read"],
  [/^AT\+CMGD=/, "before-delete", "after-delete"],
];

/** Several may come in one piece. */
const ANSWERS: readonly (readonly [pattern: RegExp, place: WirePlace])[] = [
  [/> $/g, "prompt-came"],
  [/\+CMGS: \d/g, "answer-came"],
  [/\+C(DSI|MTI): /g, "announced"],
  [/\+CMGR: /g, "read-came"],
];

/** Calls `reached` at each place, before the octets go on. */
export function watched(open: OpenPort, reached: (place: WirePlace) => void): OpenPort {
  return async (handlers) => {
    let tail = "";
    let deleting = false;
    const port = await open({
      closed: handlers.closed,
      data: (bytes) => {
        const known = tail.length;
        const text = tail + Buffer.from(bytes).toString("latin1");
        tail = text.slice(-TAIL_CHARS);
        for (const [pattern, place] of ANSWERS)
          for (const found of text.matchAll(pattern))
            if (found.index + found[0].length > known) reached(place);
        if (deleting && text.includes("\r\nOK\r\n")) {
          deleting = false;
          reached("deleted");
        }
        handlers.data(bytes);
      },
    });
    return {
      name: port.name,
      close: () => port.close(),
      write(bytes) {
        const text = Buffer.from(bytes).toString("latin1");
        const found = COMMANDS.find(([pattern]) => pattern.test(text));
        if (found !== undefined) reached(found[1]);
        tail = "";
        deleting = text.startsWith("AT+CMGD=");
        port.write(bytes);
        if (found?.[2] !== undefined) reached(found[2]);
        if (found?.[1] === "before-pdu") systemClock.timer(ON_THE_AIR_MS, () => reached("on-the-air"));
      },
    };
  };
}
