/**
 * +CMS ERROR from 512 on belongs to the vendors, who contradict each other, so the tables are keyed by
 * vendor. A code that no table has says nothing certain about the message.
 */
import { type ErrorTable, messageDead, otherSim, resetModem, retry, SECONDS, unknown } from "./row.ts";

const WAVECOM: ErrorTable = {
  512: retry("MM establishment failure", { afterMs: 10 * SECONDS }),
  513: unknown("lower layer failure"),
  514: unknown("CP error"),
  515: retry("service not available, initialisation in progress", { afterMs: 5 * SECONDS }),
  528: retry("location update failure"),
  529: retry("PLMN selection failure"),
  531: otherSim("the number is not in the fixed dialling list"),
};

const SIMCOM: ErrorTable = {
  512: retry("MM establishment failure", { afterMs: 10 * SECONDS }),
  513: unknown("lower layer failure"),
  514: unknown("CP error"),
  515: retry("initialisation in progress", { afterMs: 5 * SECONDS }),
  517: retry("SIM not ready", { afterMs: 5 * SECONDS, escalation: [20, "reset-modem"] }),
};

/** Siemens and its heirs. */
const CINTERION: ErrorTable = {
  512: retry("user abort"),
  513: resetModem("unable to store"),
  514: retry("invalid status"),
  515: messageDead("invalid character in address string"),
  516: messageDead("invalid length"),
  517: messageDead("invalid character in PDU"),
  519: messageDead("invalid length or character"),
  520: messageDead("invalid character in text"),
  521: unknown("timer expired"),
  532: retry("SIM not ready", { afterMs: 5 * SECONDS }),
  535: retry("packet service busy", { afterMs: 5 * SECONDS }),
  538: messageDead("invalid parameter"),
  549: messageDead("incorrect message type"),
  550: messageDead("invalid message type indicator"),
  551: messageDead("invalid message length"),
  552: messageDead("invalid message content"),
  553: messageDead("invalid message header"),
  554: messageDead("invalid message format"),
  615: retry("network failure", { escalation: [2, "other-sim"] }),
  616: retry("network is down", { escalation: [2, "other-sim"] }),
};

export const CMS_BY_VENDOR: Readonly<Record<string, ErrorTable>> = {
  wavecom: WAVECOM,
  simcom: SIMCOM,
  cinterion: CINTERION,
};

/** For every other vendor: what those codes mean that are mostly meant alike, and no more. */
export const CMS_ANY_VENDOR: ErrorTable = {
  512: retry("connection could not be set up", { afterMs: 10 * SECONDS }),
  513: unknown("lower layer failure"),
  514: unknown("CP error"),
  515: retry("initialisation in progress", { afterMs: 5 * SECONDS }),
  517: retry("SIM not ready", { afterMs: 5 * SECONDS }),
  521: unknown("timer expired"),
  // Nordic: indications were switched off after an acknowledgement was missed.
  524: resetModem("message indications were switched off"),
};
