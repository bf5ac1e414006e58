/** +CMS ERROR 300 to 511: what the modem itself says (3GPP TS 27.005 3.2.5). */
import {
  type ErrorTable,
  messageDead,
  otherSim,
  parkSim,
  resetModem,
  retry,
  SECONDS,
  unknown,
} from "./row.ts";

export const CMS_MODEM: ErrorTable = {
  300: resetModem("ME failure"),
  301: retry("SMS service of ME reserved", { afterMs: 5 * SECONDS }),
  // Not ready yet, not registered, or the wrong storage: all of them pass.
  302: retry("operation not allowed", { escalation: [2, "reset-modem"] }),
  303: otherSim("operation not supported"),
  304: messageDead("invalid PDU mode parameter"),
  305: messageDead("invalid text mode parameter"),
  310: parkSim("(U)SIM not inserted"),
  311: parkSim("(U)SIM PIN required"),
  312: parkSim("PH-(U)SIM PIN required"),
  313: parkSim("(U)SIM failure"),
  314: retry("(U)SIM busy", { afterMs: 2 * SECONDS, escalation: [20, "reset-modem"] }),
  315: parkSim("(U)SIM wrong"),
  316: parkSim("(U)SIM PUK required"),
  // The fixed dialling list guards the number.
  317: parkSim("(U)SIM PIN2 required"),
  318: parkSim("(U)SIM PUK2 required"),
  320: resetModem("memory failure"),
  321: retry("invalid memory index"),
  322: resetModem("memory full"),
  // Set the service centre once, by settings, else nobody can send with this SIM.
  330: retry("SMSC address unknown", { escalation: [1, "park-sim"] }),
  331: retry("no network service", { escalation: [1, "other-sim"] }),
  // No RP-ACK came back: the service centre may have taken it (24.011 10.1).
  332: unknown("network timeout"),
  340: retry("no +CNMA acknowledgement expected"),
  500: retry("unknown error", { escalation: [2, "reset-modem"] }),
};
