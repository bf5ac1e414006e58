/** SIMCom SIM7600E, an LTE module behind USB that counts its memory from 0. */
import type { Profile } from "./types.ts";
import { USUAL_DIALOGUE, USUAL_ROUTING } from "./usual.ts";

export const simcomSim7600: Profile = {
  name: "simcom-sim7600",
  manufacturer: "SIMCOM INCORPORATED",
  model: "SIMCOM_SIM7600E",
  revision: "+CGMR: LE11B14SIM7600M22",
  information: [
    "Manufacturer: SIMCOM INCORPORATED",
    "Model: SIMCOM_SIM7600E",
    "Revision: SIM7600M22_V2.0.1",
    "IMEI: {imei}",
    "+GCAP: +CGSM",
  ],
  capabilities: "+CGSM",
  imeiPrefix: "86147503",
  dialogue: {
    ...USUAL_DIALOGUE,
    errorLevel: 2,
    lineMax: 2_048,
  },
  storage: {
    offered: [
      ["ME", "MT", "SM", "SR"],
      ["ME", "MT", "SM", "SR"],
      ["ME", "MT", "SM", "SR"],
    ],
    chosen: ["ME", "ME", "ME"],
    sizes: { ME: 23, SR: 20 },
    firstIndex: 0,
    emptyPlace: "ok",
    deleteList: "indices",
  },
  routing: {
    ...USUAL_ROUTING,
    spelled: "(0,1,2),(0,1,2,3),(0,2),(0,1,2),(0,1)",
    chosen: [2, 1, 0, 0, 0],
    servicesSpelled: "(0-1)",
    reportStorage: "ME",
    cmtHead: '"",',
  },
  iccid: { command: "+CICCID", prefix: "+ICCID: " },
  pinTries: { command: "+SPIC", form: "simcom" },
  cellIdentity: "quoted",
  registrations: ["CREG", "CGREG", "CEREG"],
  radio: { latency: "lte", accessTechnology: 7 },
  usb: {
    id: "1e0e:9001",
    at: 2,
    others: [
      { interface: 0, role: "diagnostic" },
      { interface: 1, role: "gps" },
      { interface: 3, role: "modem" },
    ],
  },
  reference: "sim",
  power: {
    portGoneMs: 8_000,
    simReadyMs: 3_000,
    smsReadyMs: 7_000,
    registeredMs: 8_000,
    boot: [
      { afterMs: 3_000, text: "+CPIN: {lock}" },
      { afterMs: 7_000, text: "SMS DONE", needsSim: true },
      { afterMs: 9_000, text: "PB DONE", needsSim: true },
    ],
    // No "+CPIN: READY" follows the PIN (field notes, table 2, row 23).
    afterPin: [
      { afterMs: 6_000, text: "SMS DONE" },
      { afterMs: 8_000, text: "PB DONE" },
    ],
    restartCommands: ["+CRESET"],
    powerOff: { command: "+CPOF", line: "NORMAL POWER DOWN" },
  },
  memoryFullLine: () => "+SMS FULL",
  call: { ring: "RING", end: ["MISSED_CALL: {time} {from}"] },
  ussd: "text",
  extras: [
    {
      name: "+CPSI",
      form: "?",
      lines: ["+CPSI: LTE,Online,262-01,0xCE00,30331279,257,EUTRAN-BAND3,1300,5,5,-91,-862,-600,14"],
    },
    { name: "+CNSMOD", form: "?", lines: ["+CNSMOD: 0,8"] },
    { name: "+AUTOCSQ", form: "=", lines: [] },
    { name: "+CBC", form: "", lines: ["+CBC: 3.885V"] },
  ],
};
