/** What a submit ends as, for each way the dialogue can go. */
import { describe, expect, test } from "vitest";
import { type ModemRig, modemRig } from "#test/support/modem-rig.ts";
import { type ScriptedModem, scriptedModem } from "#test/support/scripted-modem.ts";

const PDU = { hex: "0011000C919471100000000000A705C8329BFD06", tpduLength: 19 };
const SUBMIT = "AT+CMGS=19";
const PAYLOAD = `${PDU.hex}\x1a`;

async function readyModem(): Promise<{ rig: ModemRig; modem: ScriptedModem }> {
  const modem = scriptedModem();
  const rig = modemRig(modem.open);
  await rig.until("ready");
  modem.answers.set(SUBMIT, ["> "]);
  return { rig, modem };
}

describe("the way it should go", () => {
  test("prompt, PDU and Ctrl-Z, reference", async () => {
    const { rig, modem } = await readyModem();
    modem.answers.set(PAYLOAD, ["+CMGS: 17"]);
    expect(await rig.modem.submit(PDU)).toEqual({ kind: "accepted", messageReference: 17 });
    expect(modem.sent.slice(-2)).toEqual([SUBMIT, PAYLOAD]);
    await rig.modem.stop();
    expect(rig.modem.status.state).toBe("stopped");
  });
});
