/** SIMCom SIM800L, a GSM module on a UART: the bridge's port stays when the module restarts. */
import type { Profile } from "./types.ts";
import { USUAL_DIALOGUE, USUAL_ROUTING } from "./usual.ts";

export const simcomSim800: Profile = {
  name: "simcom-sim800",
  manufacturer: "SIMCOM_Ltd",
  model: "SIMCOM_SIM800L",
  revision: "Revision:1418B05SIM800L24",
  information: ["SIM800 R14.18"],
  capabilities: "+CGSM",
  imeiPrefix: "86934203",
  dialogue: {
    ...USUAL_DIALOGUE,
    errorLevel: 1,
    lineMax: 556,
    escape: "nothing",
    notReadyCode: 517,
  },
  storage: {
    offered: [
      ["SM", "ME", "MT"],
      ["SM", "ME", "MT"],
      ["SM", "ME", "MT"],
    ],
    chosen: ["SM", "SM", "SM"],
    sizes: { ME: 30, SR: 1 },
    firstIndex: 1,
    emptyPlace: "ok",
    deleteList: "indices",
  },
  routing: {
    ...USUAL_ROUTING,
    offered: [
      [0, 1, 2, 3],
      [0, 1, 2, 3],
      [0, 2],
      [0, 1],
      [0, 1],
    ],
    spelled: "(0-3),(0-3),(0,2),(0,1),(0,1)",
    chosen: [2, 1, 0, 0, 0],
    servicesSpelled: "(0-1)",
    reportStorage: "SM",
    classZero: "show",
    cmtHead: '"",',
  },
  // `+CCID` answers the bare digits.
  iccid: { command: "+CCID", prefix: "" },
  pinTries: { command: "+SPIC", form: "simcom" },
  cellIdentity: "quoted",
  registrations: ["CREG", "CGREG"],
  radio: { latency: "gsm", accessTechnology: 0 },
  reference: "sim",
  power: {
    portGoneMs: 0,
    simReadyMs: 2_500,
    smsReadyMs: 7_000,
    registeredMs: 6_000,
    boot: [
      { afterMs: 1_000, text: "RDY" },
      { afterMs: 2_000, text: "+CFUN: 1" },
      { afterMs: 2_500, text: "+CPIN: {lock}" },
      { afterMs: 6_000, text: "Call Ready", needsSim: true },
      { afterMs: 7_000, text: "SMS Ready", needsSim: true },
    ],
    afterPin: [
      { afterMs: 3_000, text: "Call Ready" },
      { afterMs: 7_000, text: "SMS Ready" },
    ],
    restartCommands: ["+CRESET"],
    powerOff: { command: "+CPOWD", line: "NORMAL POWER DOWN" },
  },
  time: {
    command: "+CLTS",
    lines: ['*PSUTTZ: {yyyy},{M},{d},{h},{m},{s},"{zone}",{dst}', "DST: {dst}"],
  },
  call: { ring: "RING", end: ["NO CARRIER"] },
  ussd: "text",
  extras: [
    { name: "+CBC", form: "", lines: ["+CBC: 0,85,4012"] },
    { name: "+CMTE", form: "?", lines: ["+CMTE: 0,25.00"] },
  ],
};
