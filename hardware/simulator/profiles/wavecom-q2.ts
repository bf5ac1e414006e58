/** Wavecom Q2400, a GSM module on a UART: two memories, no OK after the PIN state, codes of its own. */
import type { Profile } from "./types.ts";
import { USUAL_DIALOGUE, USUAL_ROUTING } from "./usual.ts";

export const wavecomQ2: Profile = {
  name: "wavecom-q2",
  manufacturer: " WAVECOM MODEM",
  model: " MULTIBAND  900E  1800",
  revision: "657_09gg.Q2406B 1702264 061906 17:02",
  information: [" WAVECOM MODEM", " MULTIBAND  900E  1800"],
  capabilities: "+CGSM,+FCLASS",
  imeiPrefix: "33204206",
  dialogue: {
    ...USUAL_DIALOGUE,
    errorLevel: 0,
    lineMax: 512,
    escape: "nothing",
    notReadyCode: 515,
    networkTimeoutCode: 513,
    fixedDiallingCode: 531,
  },
  storage: {
    offered: [["SM", "SR"], ["SM"], ["SM"]],
    // BM holds cell broadcasts; it is listed and cannot be chosen here.
    spelled: '(("SM","BM","SR"),("SM"))',
    memories: 2,
    chosen: ["SM", "SM", "SM"],
    sizes: { ME: 0, SR: 20 },
    firstIndex: 1,
    emptyPlace: "error",
    deleteList: "indices",
  },
  routing: {
    ...USUAL_ROUTING,
    spelled: "(0,1,2),(0,1,2,3),(0,2),(0,1,2),(0,1)",
    chosen: [0, 1, 0, 0, 0],
    servicesSpelled: "(0,1)",
    reportStorage: "SR",
  },
  iccid: { command: "+CCID", prefix: "+CCID: " },
  cellIdentity: "quoted",
  registrations: ["CREG", "CGREG"],
  radio: { latency: "gsm", accessTechnology: 0 },
  reference: "modem",
  power: {
    portGoneMs: 0,
    simReadyMs: 2_500,
    smsReadyMs: 7_000,
    registeredMs: 6_000,
    boot: [
      { afterMs: 500, text: "+WIND: 3" },
      { afterMs: 1_500, text: "+WIND: 1" },
      { afterMs: 6_000, text: "+WIND: 7", needsSim: true },
      { afterMs: 7_000, text: "+WIND: 4", needsSim: true },
    ],
    afterPin: [
      { afterMs: 3_000, text: "+WIND: 7" },
      { afterMs: 7_000, text: "+WIND: 4" },
    ],
    restartCommands: [],
    powerOff: { command: "+CPOF", line: "" },
  },
  call: { ring: "RING", end: ["+WIND: 6,1", "NO CARRIER"] },
  ussd: "text",
  quirks: { pinStateWithoutOk: true, startingCode: 515, startingAfterRadioMs: 4_000 },
  extras: [
    { name: "+WIND", form: "?", lines: ["+WIND: 63"] },
    { name: "+WIND", form: "=", lines: [] },
    { name: "+WOPEN", form: "?", lines: ["+WOPEN: 0"] },
  ],
};
