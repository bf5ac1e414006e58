/** Huawei E173 and its like (E169, E3131, E3372 as a stick): a talkative UMTS stick. */
import type { Profile } from "./types.ts";
import { USUAL_DIALOGUE, USUAL_ROUTING } from "./usual.ts";

export const huaweiE173: Profile = {
  name: "huawei-e173",
  manufacturer: "huawei",
  model: "E173",
  revision: "11.126.85.00.209",
  information: [
    "Manufacturer: huawei",
    "Model: E173",
    "Revision: 11.126.85.00.209",
    "IMEI: {imei}",
    "+GCAP: +CGSM,+DS,+ES",
  ],
  capabilities: "+CGSM,+DS,+ES",
  imeiPrefix: "35319504",
  dialogue: {
    ...USUAL_DIALOGUE,
    errorLevel: 1,
    unknownCommand: "COMMAND NOT SUPPORT",
    lineMax: 1_024,
  },
  storage: {
    offered: [
      ["ME", "MT", "SM", "SR"],
      ["ME", "MT", "SM", "SR"],
      ["ME", "MT", "SM", "SR"],
    ],
    chosen: ["SM", "SM", "SM"],
    sizes: { ME: 50, SR: 20 },
    firstIndex: 0,
    emptyPlace: "error",
    deleteList: "range",
  },
  routing: {
    ...USUAL_ROUTING,
    spelled: "(0-2),(0-3),(0,2),(0-2),(0,1)",
    chosen: [1, 1, 0, 0, 0],
    // Mode 2 is listed and refused (oFono atmodem/sms.c).
    refusedModes: [2],
    servicesSpelled: "(0,1)",
    reportStorage: "SM",
    classZero: "show",
  },
  iccid: { command: "^ICCID", prefix: "^ICCID: " },
  pinTries: { command: "^CPIN", form: "huawei" },
  cellIdentity: "unquoted",
  registrations: ["CREG", "CGREG"],
  radio: { latency: "umts", accessTechnology: 2 },
  usb: {
    id: "12d1:1436",
    at: 2,
    others: [
      { interface: 0, role: "modem" },
      { interface: 1, role: "diagnostic" },
    ],
    talksOn: { command: "^PORTSEL", at: "1", modem: "0", offered: "(0,1)" },
    cdRomId: "12d1:1446",
  },
  reference: "sim",
  power: {
    portGoneMs: 6_000,
    simReadyMs: 3_000,
    smsReadyMs: 6_000,
    registeredMs: 6_000,
    boot: [
      { afterMs: 3_000, text: "^SIMST:1" },
      { afterMs: 6_000, text: "^SRVST:2" },
      { afterMs: 6_500, text: "^MODE:5,4" },
    ],
    afterPin: [
      { afterMs: 2_000, text: "^SIMST:1" },
      { afterMs: 4_000, text: "^SRVST:2" },
    ],
    restartCommands: ["^RESET", "+CFUN=16"],
  },
  noise: {
    everyMs: 2_000,
    endedBy: "^CURC",
    lines: [
      "^RSSI:18",
      "^RSSI:19",
      "^DSFLOWRPT:0000012C,00000000,00000000,0000000000000F28,0000000000000DAC,00000000,00000000",
      "^MODE:5,4",
      '^HCSQ:"WCDMA",30,30,58',
    ],
  },
  memoryFullLine: (storage) => `^SMMEMFULL:"${storage}"`,
  time: { lines: ["^NWTIME: {yy}/{MM}/{dd},{hh}:{mm}:{ss}{zone},0{dst}"] },
  call: { ring: "RING", end: ["^CEND:1,5,29,16", "NO CARRIER"] },
  ussd: "packed",
  extras: [
    // The name of the answer is glued to an error (chan_dongle at_response.c).
    { name: "+CNUM", form: "", lines: ["ERROR+CNUM:"] },
    { name: "^USSDMODE", form: "=", lines: [] },
    { name: "^SYSINFO", form: "", lines: ["^SYSINFO:2,3,0,5,1,,4"] },
    { name: "^HCSQ", form: "?", lines: ['^HCSQ:"WCDMA",30,30,58'] },
    { name: "+CBC", form: "", lines: ["+CBC: 0,0"] },
  ],
};
