/** u-blox SARA-R410M, an LTE-M module that sleeps and then swallows what wakes it. */
import type { Profile } from "./types.ts";
import { USUAL_DIALOGUE, USUAL_ROUTING } from "./usual.ts";

export const ubloxSara: Profile = {
  name: "ublox-sara",
  manufacturer: "u-blox",
  model: "SARA-R410M-02B",
  revision: "L0.0.00.00.05.08 [Apr 17 2019 19:34:02]",
  information: [
    "Manufacturer: u-blox",
    "Model: SARA-R410M-02B",
    "Revision: L0.0.00.00.05.08 [Apr 17 2019 19:34:02]",
    "SVN: 02",
    "IMEI: {imei}",
  ],
  capabilities: "+FCLASS,+CGSM",
  imeiPrefix: "35275309",
  dialogue: {
    ...USUAL_DIALOGUE,
    errorLevel: 0,
    lineMax: 1_024,
    promptTimeoutMs: 180_000,
    notReadyCode: 302,
  },
  storage: {
    offered: [
      ["ME", "SM"],
      ["ME", "SM"],
      ["ME", "SM"],
    ],
    chosen: ["ME", "ME", "ME"],
    sizes: { ME: 100, SR: 0 },
    firstIndex: 0,
    emptyPlace: "error",
    deleteList: "indices",
  },
  routing: {
    ...USUAL_ROUTING,
    spelled: "(0-2),(0-3),(0,2),(0-2),(0,1)",
    chosen: [1, 0, 0, 0, 0],
    servicesSpelled: "(0-1)",
    reportStorage: "ME",
    cmtHead: "",
  },
  iccid: { command: "+CCID", prefix: "+CCID: " },
  pinTries: { command: "+UPINCNT", form: "ublox" },
  cellIdentity: "quoted",
  registrations: ["CREG", "CGREG", "CEREG"],
  radio: { latency: "nbiot", accessTechnology: 7 },
  usb: { id: "1546:1102", at: 2, others: [{ interface: 0, role: "modem" }] },
  reference: "sim",
  power: {
    portGoneMs: 5_000,
    simReadyMs: 3_000,
    smsReadyMs: 6_000,
    registeredMs: 9_000,
    boot: [{ afterMs: 6_000, text: "+PBREADY", needsSim: true }],
    afterPin: [{ afterMs: 6_000, text: "+PBREADY" }],
    restartCommands: ["+CFUN=16", "+CFUN=15"],
    powerOff: { command: "+CPWROFF", line: "" },
  },
  powerSave: { command: "+UPSV", idleMs: 6_000, eats: 4, atStart: 1 },
  call: { ring: "RING", end: ["NO CARRIER"] },
  ussd: "text",
  extras: [
    { name: "+URAT", form: "?", lines: ["+URAT: 7,8"] },
    {
      name: "+UCGED",
      form: "?",
      lines: ["+UCGED: 0", '+RSRP: 257,1300,"-091.00",', '+RSRQ: 257,1300,"-11.00",'],
    },
  ],
};
