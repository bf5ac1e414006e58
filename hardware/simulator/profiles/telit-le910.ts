/** Telit LE910, an LTE module that takes unacknowledged messages badly. */
import type { Profile } from "./types.ts";
import { USUAL_DIALOGUE, USUAL_ROUTING } from "./usual.ts";

export const telitLe910: Profile = {
  name: "telit-le910",
  manufacturer: "Telit",
  model: "LE910-EUG",
  revision: "17.00.503",
  information: ["332"],
  capabilities: "+CGSM,+DS,+FCLASS,+MS,+ES",
  imeiPrefix: "35816405",
  dialogue: {
    ...USUAL_DIALOGUE,
    errorLevel: 0,
    lineMax: 400,
    inputWhileSubmitting: "abort",
  },
  storage: {
    offered: [
      ["SM", "ME"],
      ["SM", "ME"],
      ["SM", "ME"],
    ],
    chosen: ["SM", "SM", "SM"],
    sizes: { ME: 99, SR: 0 },
    firstIndex: 1,
    emptyPlace: "error",
    // `(1,2,3,),(0-4)`: the comma after the last index (smstools trims it).
    deleteList: "indices-comma",
  },
  routing: {
    ...USUAL_ROUTING,
    offered: [[0, 1, 2, 3], [0, 1, 2, 3], [0, 2], [0, 1, 2], [0]],
    spelled: "(0-3),(0-3),(0,2),(0-2),(0)",
    chosen: [0, 0, 0, 0, 0],
    servicesSpelled: "(0-1)",
    reportStorage: "SM",
    cmtHead: '"",',
    // The manual's 17 s; then mt and ds fall to 0.
    acknowledgementTimeoutMs: 17_000,
  },
  iccid: { command: "#CCID", prefix: "#CCID: " },
  pinTries: { command: "#PCT", form: "telit" },
  cellIdentity: "quoted",
  registrations: ["CREG", "CGREG", "CEREG"],
  radio: { latency: "lte", accessTechnology: 7 },
  usb: {
    id: "1bc7:1201",
    at: 4,
    others: [
      { interface: 0, role: "diagnostic" },
      { interface: 3, role: "gps" },
      { interface: 5, role: "modem" },
    ],
  },
  reference: "sim",
  power: {
    portGoneMs: 6_000,
    simReadyMs: 2_000,
    smsReadyMs: 6_000,
    registeredMs: 6_000,
    boot: [
      { afterMs: 1_500, text: "#QSS: 1" },
      { afterMs: 2_000, text: "#QSS: 2", needsSim: true },
      { afterMs: 6_000, text: "#QSS: 3", needsSim: true },
    ],
    afterPin: [
      { afterMs: 500, text: "#QSS: 2" },
      { afterMs: 6_000, text: "#QSS: 3" },
    ],
    restartCommands: ["#REBOOT"],
    powerOff: { command: "#SHDN", line: "" },
  },
  time: { command: "#NITZ", lines: ["#NITZ: {yy}/{MM}/{dd},{hh}:{mm}:{ss}{zone},{dst}"] },
  call: { ring: "RING", end: ["NO CARRIER"] },
  ussd: "text",
  extras: [
    { name: "#QSS", form: "?", lines: ["#QSS: 2,3"] },
    { name: "#QSS", form: "=", lines: [] },
    { name: "#RFSTS", form: "", lines: ['#RFSTS: "262 01",1300,-91,-62,-11,CE00,01,,256,19,0,2,01CEAD8F'] },
    { name: "#CBC", form: "", lines: ["#CBC: 0,389"] },
  ],
};
