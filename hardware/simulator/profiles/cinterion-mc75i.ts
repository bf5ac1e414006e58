/** Siemens and Cinterion MC75i, a GSM module on a UART that keeps reports in SR alone. */
import type { Profile } from "./types.ts";
import { USUAL_DIALOGUE, USUAL_ROUTING } from "./usual.ts";

export const cinterionMc75i: Profile = {
  name: "cinterion-mc75i",
  manufacturer: "SIEMENS",
  model: "MC75i",
  revision: "REVISION 02.000",
  information: ["SIEMENS", "MC75i", "REVISION 02.000"],
  capabilities: "+CGSM,+FCLASS",
  imeiPrefix: "35522004",
  dialogue: {
    ...USUAL_DIALOGUE,
    errorLevel: 0,
    unknownCommand: "cme",
    lineMax: 391,
  },
  storage: {
    offered: [
      ["ME", "SM", "MT"],
      ["ME", "SM", "MT"],
      ["SM", "MT"],
    ],
    chosen: ["MT", "MT", "MT"],
    // Not listed, and yet the only place where reports go.
    unlisted: ["SR"],
    sizes: { ME: 25, SR: 20 },
    firstIndex: 1,
    emptyPlace: "ok",
    deleteList: "indices",
  },
  routing: {
    ...USUAL_ROUTING,
    offered: [[0, 1, 2, 3], [0, 1], [0, 2, 3], [0, 2], [1]],
    spelled: "(0-3),(0,1),(0,2,3),(0,2),(1)",
    chosen: [0, 0, 0, 0, 1],
    servicesSpelled: "(0,1)",
    reportStorage: "SR",
  },
  iccid: { command: "^SCID", prefix: "^SCID: " },
  pinTries: { command: "^SPIC", form: "cinterion" },
  cellIdentity: "quoted",
  registrations: ["CREG", "CGREG"],
  radio: { latency: "gsm", accessTechnology: 0 },
  reference: "sim",
  power: {
    portGoneMs: 0,
    simReadyMs: 2_000,
    smsReadyMs: 6_000,
    registeredMs: 6_000,
    boot: [{ afterMs: 1_000, text: "^SYSSTART" }],
    afterPin: [],
    restartCommands: [],
    powerOff: { command: "^SMSO", line: "^SHUTDOWN" },
  },
  memoryFullLine: () => "^SMGO: 1",
  memoryRefusedLine: () => "^SMGO: 2",
  call: { ring: "RING", end: ["NO CARRIER"] },
  ussd: "text",
  extras: [
    { name: "^SCKS", form: "?", lines: ["^SCKS: 0,1"] },
    { name: "^SMGO", form: "?", lines: ["^SMGO: 1,0"] },
    { name: "^SMGO", form: "=", lines: [] },
    { name: "^SBC", form: "?", lines: ["^SBC: 0,0,0"] },
  ],
};
