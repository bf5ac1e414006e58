/** What earlier sessions put on the modem to send it, and never sent. */
import { beforeEach, expect, test } from "vitest";
import type { StoredEntry } from "#hardware/modem/types.ts";
import type { ModemRig } from "#test/support/modem-rig.ts";
import type { ScriptedModem } from "#test/support/scripted-modem.ts";
import { MESSAGE } from "./arrivals.ts";
import { atRest, settled } from "./started.ts";

const PDU = { hex: "0011000C919471100000000000A705C8329BFD06", tpduLength: 19 };
const OTHER = "0011000C919471100000000000A705C8329BFD07";
const PAYLOAD = `${PDU.hex}\x1a`;
const NOTHING = (): undefined => undefined;

let rig: ModemRig;
let modem: ScriptedModem;

beforeEach(async () => {
  ({ rig, modem } = await atRest({ "AT+CMGW=19": ["> "], [PAYLOAD]: ["+CMGW: 3"] }));
});

async function stored(): Promise<StoredEntry> {
  const outcome = await settled(rig, rig.modem.store(PDU));
  if (outcome.kind !== "stored") throw new Error(`it is ${outcome.kind}`);
  return outcome.entry;
}

const lists = (...lines: readonly string[]): void => void modem.answers.set("AT+CMGL=4", lines);
const deleted = (): readonly string[] => modem.sent.filter((sent) => sent.startsWith("AT+CMGD"));

test("is known by its PDU, and deleted where it is unsent", async () => {
  const { fingerprint } = await stored();
  modem.answers.set("AT+CMGD=4", []);
  lists(
    "+CMGL: 1,0,,24",
    MESSAGE,
    "+CMGL: 4,2,,19",
    PDU.hex,
    "+CMGL: 5,2,,19",
    OTHER,
    "+CMGL: 6,3,,19",
    PDU.hex,
  );
  expect(await settled(rig, rig.modem.removeUnsent([fingerprint]))).toBe(true);
  expect(deleted()).toEqual(["AT+CMGD=4"]);
});

test("what was stored in this session is about to be sent, and stays: here, and in a sweep", async () => {
  modem.answers.set(PAYLOAD, NOTHING);
  await settled(rig, rig.modem.store(PDU));
  modem.answers.set(PAYLOAD, ["+CMGW: 3"]);
  const { fingerprint } = await stored();
  lists("+CMGL: 3,2,,19", PDU.hex);
  expect(await settled(rig, rig.modem.removeUnsent([fingerprint]))).toBe(true);
  await rig.clock.advance(70_000);
  expect(modem.sent).toContain("AT+CMGL=4");
  expect(deleted()).toEqual([]);
});

test.each([
  ["it is not listed", (): void => void modem.answers.set("AT+CMGL=4", ["+CMS ERROR: 500"])],
  ["it is not deleted", (): void => void modem.answers.set("AT+CMGD=4", ["+CMS ERROR: 500"])],
])("not sure when %s", async (_name, trouble) => {
  const { fingerprint } = await stored();
  lists("+CMGL: 4,2,,19", PDU.hex);
  trouble();
  expect(await settled(rig, rig.modem.removeUnsent([fingerprint]))).toBe(false);
});
