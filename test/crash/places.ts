/** Every place between two states in the way of a message: where the gateway dies, and what is known then. */
import type { Step } from "#gateway/checkpoints.ts";
import { cancelling, type Errand, receiving, sending, starting } from "./errands.ts";
import type { Place } from "./gateway-that-dies.ts";
import {
  expiring,
  halfReceived,
  overdue,
  parking,
  refusing,
  releasing,
  renewing,
  repeating,
  resolving,
  storing,
} from "./rare-errands.ts";

export interface Row {
  readonly name: string;
  readonly errand: Errand;
  readonly place: Place;
  /** How often the errand comes by at least; it dies at the first, the second … in turn. */
  readonly times: number;
  /** Segments that the modem has then, or just had, and whose end is not on disk. */
  readonly inWindow: 0 | 1 | "either";
}

type Short = readonly [place: Place, times: number, inWindow: Row["inWindow"]];

/** On the way out: accepted, claimed, on the wire, answered, settled, reported, told. */
const SENDING: readonly Short[] = [
  ["before-accept", 1, 0],
  ["after-accept", 1, 0],
  ["before-claim", 1, 0],
  ["after-claim", 1, 1],
  ["before-command", 4, 1],
  ["after-command", 4, 1],
  ["prompt-came", 4, 1],
  ["before-pdu", 4, 1],
  ["after-pdu", 4, 1],
  ["on-the-air", 4, 1],
  ["answer-came", 4, 1],
  ["before-settle-and-claim", 3, 1],
  ["after-settle-and-claim", 3, 1],
  ["before-settle", 1, 1],
  ["after-settle", 1, 0],
  ["announced", 4, "either"],
  ["before-read", 4, "either"],
  ["read-came", 4, "either"],
  ["before-report", 4, "either"],
  ["after-report", 4, "either"],
  ["before-delete", 4, "either"],
  ["after-delete", 4, "either"],
  ["deleted", 4, "either"],
  ["before-owe", 2, "either"],
  ["after-owe", 2, "either"],
  ["before-mark", 4, "either"],
  ["after-mark", 4, "either"],
];

/** On the way in: announced, read, stored, deleted. */
const RECEIVING: readonly Short[] = [
  ["announced", 3, 0],
  ["before-read", 3, 0],
  ["read-came", 3, 0],
  ["before-inbound", 3, 0],
  ["after-inbound", 3, 0],
  ["before-delete", 3, 0],
  ["after-delete", 3, 0],
  ["deleted", 3, 0],
];

/** A start after a death with a segment on the air. */
const STARTING: readonly Short[] = [
  ["before-recover", 1, 1],
  ["after-recover", 1, 1],
  ["before-modem", 1, 1],
  ["after-modem", 1, 1],
  ["before-sim", 1, 1],
  ["after-sim", 1, 1],
  ["before-evidence", 1, 1],
  ["after-evidence", 1, 1],
];

/** By way of the modem's own storage. */
const STORING: readonly Short[] = [
  ["before-store", 3, 0],
  ["after-store", 3, 1],
  ["before-stored-send", 3, 1],
  ["after-stored-send", 3, 1],
  ["before-tidy", 1, "either"],
  ["after-tidy", 1, "either"],
];

/** Around one write. */
function around(step: Step, inWindow: 0 | 1 = 0): readonly Short[] {
  return [
    [`before-${step}`, 1, inWindow],
    [`after-${step}`, 1, inWindow],
  ];
}

export const ROWS: readonly Row[] = [
  ...rows("sending", sending, SENDING),
  ...rows("receiving", receiving, RECEIVING),
  ...rows("starting", starting, STARTING),
  ...rows("storing first", storing, STORING),
  ...rows("a person decides", resolving, around("resolve", 1)),
  ...rows("cancelling", cancelling, around("cancel")),
  ...rows("parking a SIM", parking, around("park")),
  ...rows("releasing a SIM", releasing, around("release")),
  ...rows("waiting too long", expiring, around("expire")),
  ...rows("asking again", repeating, around("recall")),
  ...rows("no SIM may send it", refusing, around("refuse")),
  ...rows("trying again late", renewing, around("renew")),
  ...rows("half a message came", halfReceived, around("inbound-parts")),
  ...rows("no report came", overdue, around("overdue")),
];

/** Where no test of this kind leads: a mistake in a send loop, and a modem that stays away for a minute. */
export const ELSEWHERE: readonly Step[] = ["abandon", "second-copy"];

function rows(name: string, errand: Errand, places: readonly Short[]): readonly Row[] {
  return places.map(([place, times, inWindow]) => ({ name, errand, place, times, inWindow }));
}
