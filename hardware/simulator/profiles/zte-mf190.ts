/** ZTE MF190, a UMTS stick that floods its port until somebody asks for its memories. */
import type { Profile } from "./types.ts";
import { USUAL_DIALOGUE, USUAL_ROUTING } from "./usual.ts";

export const zteMf190: Profile = {
  name: "zte-mf190",
  manufacturer: "ZTE INCORPORATED",
  model: "MF190",
  revision: "BD_ZTE_MF190V1.0.0B03",
  information: [
    "Manufacturer: ZTE INCORPORATED",
    "Model: MF190",
    "Revision: BD_ZTE_MF190V1.0.0B03",
    "IMEI: {imei}",
    "+GCAP: +CGSM,+DS,+ES",
  ],
  capabilities: "+CGSM,+DS,+ES",
  imeiPrefix: "86323401",
  dialogue: {
    ...USUAL_DIALOGUE,
    errorLevel: 1,
    lineMax: 1_024,
  },
  storage: {
    offered: [
      ["ME", "MT", "SM", "SR"],
      ["ME", "MT", "SM", "SR"],
      ["ME", "MT", "SM", "SR"],
    ],
    chosen: ["SM", "SM", "SM"],
    sizes: { ME: 100, SR: 20 },
    firstIndex: 1,
    emptyPlace: "error",
    deleteList: "range",
  },
  routing: {
    ...USUAL_ROUTING,
    spelled: "(0,1,2),(0,1,2,3),(0,2),(0,1,2),(0,1)",
    chosen: [1, 1, 0, 0, 0],
    // Mode 2 is listed and refused (oFono atmodem/sms.c).
    refusedModes: [2],
    servicesSpelled: "(0-1)",
    reportStorage: "SM",
    classZero: "show",
    // The field before the length is there and empty (field notes, table 2, row 18).
    cdsHead: ",",
  },
  iccid: { command: "+ZICCID", prefix: "+ZICCID: " },
  pinTries: { command: "+ZPINPUK", form: "zte" },
  cellIdentity: "unquoted",
  registrations: ["CREG", "CGREG"],
  radio: { latency: "umts", accessTechnology: 2 },
  usb: {
    id: "19d2:0124",
    at: 1,
    others: [
      { interface: 0, role: "diagnostic" },
      { interface: 3, role: "modem" },
    ],
    cdRomId: "19d2:0149",
  },
  reference: "modem",
  power: {
    portGoneMs: 8_000,
    simReadyMs: 3_000,
    smsReadyMs: 6_000,
    registeredMs: 7_000,
    boot: [
      { afterMs: 6_000, text: '+ZDONR: "Dunlin",262,1,"CS_PS","ROAM_OFF"' },
      { afterMs: 7_000, text: '+ZPASR: "UMTS"' },
    ],
    afterPin: [{ afterMs: 4_000, text: '+ZPASR: "UMTS"' }],
    restartCommands: ["+ZRST"],
  },
  noise: { everyMs: 500, lines: ["+ZUSIMR:2"], endedBy: "+CPMS?", crashAfterLines: 1_200 },
  call: { ring: "RING", end: ["NO CARRIER"] },
  ussd: "ucs2",
  quirks: { functionalityReadsAsTest: "+CFUN: (0-1,4-7),(0-1)", textParametersWipeCentre: true },
  extras: [
    { name: "+ZOPRT", form: "=", lines: [] },
    { name: "+ZCDRUN", form: "=", lines: ["Close autorun state result(0:FAIL 1:SUCCESS):1"] },
    { name: "+ZSNT", form: "?", lines: ["+ZSNT: 0,0,0"] },
  ],
};
