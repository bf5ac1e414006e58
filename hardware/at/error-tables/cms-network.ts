/**
 * +CMS ERROR 0 to 255: what the network said. 1 to 127 are RP-causes (3GPP TS 24.011 8.2.5.4 and
 * annex E), 128 to 255 are TP-FCS (23.040 9.2.3.22). Texts as in 27.005 3.2.5.
 */
import {
  done,
  type ErrorTable,
  MINUTES,
  messageDead,
  numberDead,
  otherSim,
  parkSim,
  resetModem,
  retry,
  SECONDS,
  slowDown,
  unknown,
} from "./row.ts";

/** RP-causes: the mobile switching centre or the service centre refused to take the message. */
export const RP_CAUSES: ErrorTable = {
  // The network also answers so for a wrong service centre, so the number is blamed only by a second SIM.
  1: otherSim("unassigned (unallocated) number", { escalation: [1, "number-dead"] }),
  8: parkSim("operator determined barring"),
  // Barred for the called destination (24.011 E-2): one such number must not park one SIM after the other.
  10: otherSim("call barred", { escalation: [1, "number-dead"] }),
  17: retry("network failure"),
  // An invalid address of the recipient, and also how operators say "spam".
  21: otherSim("short message transfer rejected", { escalation: [1, "number-dead"] }),
  22: slowDown("memory capacity exceeded"),
  27: retry("destination out of service", { afterMs: 5 * MINUTES, escalation: [1, "other-sim"] }),
  // "User is not a subscriber of this service centre": a wrong centre for this SIM.
  28: parkSim("unidentified subscriber"),
  29: otherSim("facility rejected", { escalation: [2, "park-sim"] }),
  30: parkSim("unknown subscriber"),
  31: retry("normal, unspecified"),
  // A service centre that did not answer in time is reported by the same cause, after it took the message.
  38: unknown("network out of order", { afterMs: 10 * MINUTES }),
  41: retry("temporary failure", { escalation: [2, "other-sim"] }),
  42: slowDown("congestion"),
  47: slowDown("resources unavailable, unspecified"),
  50: parkSim("requested facility not subscribed"),
  69: otherSim("requested facility not implemented", { escalation: [3, "park-sim"] }),
  81: retry("invalid short message transfer reference value", { escalation: [1, "other-sim"] }),
  95: messageDead("invalid message, unspecified"),
  96: messageDead("invalid mandatory information"),
  97: messageDead("message type non-existent or not implemented"),
  98: retry("message not compatible with short message protocol state", { escalation: [1, "other-sim"] }),
  99: messageDead("information element non-existent or not implemented"),
  111: retry("protocol error, unspecified", { escalation: [1, "message-dead"] }),
  // Often a SIM without credit, once it comes for every number.
  127: otherSim("interworking, unspecified", { escalation: [3, "park-sim"] }),
};

/** TP-FCS: the service centre took it and answered with a failure cause. */
export const TP_FAILURE_CAUSES: ErrorTable = {
  128: messageDead("telematic interworking not supported"),
  129: messageDead("short message type 0 not supported"),
  130: messageDead("cannot replace short message"),
  143: messageDead("unspecified TP-PID error"),
  144: messageDead("data coding scheme (alphabet) not supported"),
  145: messageDead("message class not supported"),
  159: messageDead("unspecified TP-DCS error"),
  160: messageDead("command cannot be actioned"),
  161: messageDead("command unsupported"),
  175: messageDead("unspecified TP-Command error"),
  176: messageDead("TPDU not supported"),
  192: slowDown("SC busy"),
  193: parkSim("no SC subscription"),
  194: retry("SC system failure", { afterMs: 5 * MINUTES, escalation: [1, "other-sim"] }),
  195: numberDead("invalid SME address"),
  196: numberDead("destination SME barred"),
  197: done("SM rejected-duplicate SM"),
  198: messageDead("TP-VPF not supported"),
  199: messageDead("TP-VP not supported"),
  208: resetModem("(U)SIM SMS storage full"),
  209: resetModem("no SMS storage capability in (U)SIM"),
  210: retry("error in MS", { escalation: [2, "reset-modem"] }),
  211: resetModem("memory capacity exceeded in MS"),
  212: retry("(U)SIM application toolkit busy", { afterMs: 5 * SECONDS, escalation: [3, "reset-modem"] }),
  213: retry("(U)SIM data download error", { escalation: [2, "reset-modem"] }),
  255: retry("unspecified error cause", { escalation: [2, "reset-modem"] }),
};
