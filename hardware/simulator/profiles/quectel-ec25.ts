/** Quectel EC25, an LTE module that sits behind USB: its port goes away when it restarts. */
import type { Profile } from "./types.ts";
import { USUAL_DIALOGUE, USUAL_ROUTING } from "./usual.ts";

export const quectelEc25: Profile = {
  name: "quectel-ec25",
  manufacturer: "Quectel",
  model: "EC25",
  revision: "EC25EFAR06A03M4G",
  information: ["Quectel", "EC25", "Revision: EC25EFAR06A03M4G"],
  capabilities: "+CGSM",
  imeiPrefix: "86692003",
  dialogue: {
    ...USUAL_DIALOGUE,
    errorLevel: 1,
    lineMax: 2_048,
    promptTimeoutMs: 120_000,
  },
  storage: {
    offered: [
      ["ME", "MT", "SM", "SR"],
      ["ME", "MT", "SM", "SR"],
      ["ME", "MT", "SM", "SR"],
    ],
    chosen: ["ME", "ME", "ME"],
    sizes: { ME: 255, SR: 100 },
    firstIndex: 0,
    emptyPlace: "ok",
    deleteList: "range",
  },
  routing: {
    ...USUAL_ROUTING,
    spelled: "(0-2),(0-3),(0,2),(0-2),(0,1)",
    chosen: [2, 1, 0, 0, 0],
    servicesSpelled: "(0-1)",
    reportStorage: "ME",
  },
  iccid: { command: "+QCCID", prefix: "+QCCID: " },
  pinTries: { command: "+QPINC", form: "quectel" },
  cellIdentity: "quoted",
  registrations: ["CREG", "CGREG", "CEREG"],
  radio: { latency: "lte", accessTechnology: 7 },
  usb: {
    id: "2c7c:0125",
    at: 2,
    others: [
      { interface: 0, role: "diagnostic" },
      { interface: 1, role: "gps" },
      { interface: 3, role: "modem" },
    ],
    talksOn: {
      command: "+QURCCFG",
      at: '"urcport","usbat"',
      modem: '"urcport","usbmodem"',
      offered: '"urcport",("usbat","usbmodem","uart1")',
    },
  },
  reference: "sim",
  power: {
    portGoneMs: 4_000,
    simReadyMs: 2_000,
    smsReadyMs: 6_000,
    registeredMs: 7_000,
    boot: [
      { afterMs: 500, text: "RDY" },
      { afterMs: 1_500, text: "+CFUN: 1" },
      { afterMs: 2_000, text: "+CPIN: {lock}" },
      { afterMs: 3_000, text: "+QUSIM: 1", needsSim: true },
      { afterMs: 6_000, text: "+QIND: SMS DONE", needsSim: true },
      { afterMs: 8_000, text: "+QIND: PB DONE", needsSim: true },
    ],
    afterPin: [
      { afterMs: 500, text: "+CPIN: READY" },
      { afterMs: 1_000, text: "+QUSIM: 1" },
      { afterMs: 6_000, text: "+QIND: SMS DONE" },
      { afterMs: 8_000, text: "+QIND: PB DONE" },
    ],
    restartCommands: [],
    powerOff: { command: "+QPOWD", line: "POWERED DOWN" },
  },
  call: { ring: "RING", end: ["NO CARRIER"] },
  ussd: "text",
  extras: [
    { name: "+QCFG", form: "=", lines: [] },
    { name: "+QCSQ", form: "", lines: ['+QCSQ: "LTE",-62,-91,140,-11'] },
    { name: "+QNWINFO", form: "", lines: ['+QNWINFO: "FDD LTE","26201","LTE BAND 3",1300'] },
    { name: "+CBC", form: "", lines: ["+CBC: 0,0,3885"] },
  ],
};
