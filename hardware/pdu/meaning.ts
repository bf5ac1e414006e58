/** What a decoded field says, in a few words. */
import { addressText } from "./address.ts";
import { hexFromOctets } from "./hex.ts";
import { statusText } from "./status.ts";
import type { Address, DataCoding, Timestamp, Tpdu, UserData, ValidityPeriod } from "./types.ts";

const TYPES_OF_NUMBER = [
  "of unknown type",
  "international",
  "national",
  "network specific",
  "subscriber",
  "name",
  "abbreviated",
  "of reserved type",
];

const WAITING = ["voicemail", "fax", "email", "other"];

const ALPHABET_NAMES = { gsm7: "GSM 7-bit", "8bit": "octets", ucs2: "UCS-2" } as const;

const CLASS_NAMES = ["class 0, shown at once", "class 1, for the phone", "class 2, for the SIM", "class 3"];

/** `field` as `PduError.field` names it; an empty string where there is nothing to say. */
export function meaningOf(field: string, tpdu: Tpdu): string {
  switch (field) {
    case "smsc":
      return tpdu.smsc ? addressMeaning(tpdu.smsc) : "the service centre that the SIM knows";
    case "firstOctet":
      return firstOctetMeaning(tpdu);
    case "messageReference":
      return "messageReference" in tpdu ? `${tpdu.messageReference}` : "";
    case "originator":
    case "destination":
    case "recipient":
      return addressMeaning(addressIn(tpdu));
    case "pid":
      return "pid" in tpdu && tpdu.pid !== undefined ? pidMeaning(tpdu.pid) : "";
    case "coding":
      return "coding" in tpdu && tpdu.coding ? codingMeaning(tpdu.coding) : "";
    case "timestamp":
      return "timestamp" in tpdu ? timestampMeaning(tpdu.timestamp) : "";
    case "discharge":
      return "discharge" in tpdu ? timestampMeaning(tpdu.discharge) : "";
    case "validity":
      return "validity" in tpdu ? validityMeaning(tpdu.validity) : "";
    case "status":
      return "status" in tpdu ? `${tpdu.statusCategory}: ${statusText(tpdu.status)}` : "";
    case "failureCause":
      return "failureCause" in tpdu ? `cause ${tpdu.failureCause}` : "";
    case "commandType":
      return tpdu.kind === "command" ? commandMeaning(tpdu.commandType) : "";
    case "messageNumber":
      return tpdu.kind === "command" ? `about message ${tpdu.messageNumber}` : "";
    case "parameterIndicator":
      return "parameterIndicator" in tpdu ? parametersMeaning(tpdu.parameterIndicator ?? 0) : "";
    case "data":
      return tpdu.kind === "command" ? `${tpdu.data.length} octets of command data` : "";
    case "padding":
      return "fill of a SIM record, ignored";
    case "trailingOctets":
      return "after the message, ignored";
    default:
      return "userData" in tpdu && tpdu.userData ? userDataMeaning(field, tpdu.userData) : "";
  }
}

function addressIn(tpdu: Tpdu): Address | null {
  if ("originator" in tpdu) return tpdu.originator;
  if ("destination" in tpdu) return tpdu.destination;
  return "recipient" in tpdu ? tpdu.recipient : null;
}

function addressMeaning(address: Address | null): string {
  if (address === null) return "";
  if ("text" in address) return `${JSON.stringify(address.text)}, a name`;
  const type = TYPES_OF_NUMBER[address.ton] ?? "";
  return address.digits === "" ? "no digits" : `${addressText(address)}, ${type}, plan ${address.npi}`;
}

function firstOctetMeaning(tpdu: Tpdu): string {
  const flags: readonly (readonly [boolean | undefined, string])[] = [
    ["moreMessages" in tpdu && tpdu.moreMessages, "more messages wait"],
    ["loopPrevention" in tpdu && tpdu.loopPrevention, "not to be forwarded"],
    ["rejectDuplicates" in tpdu && tpdu.rejectDuplicates, "refuse duplicates"],
    ["statusReportRequest" in tpdu && tpdu.statusReportRequest, "status report asked for"],
    ["statusReportIndication" in tpdu && tpdu.statusReportIndication, "sender gets a status report"],
    ["statusReportQualifier" in tpdu && tpdu.statusReportQualifier, "about a command"],
    [(tpdu.firstOctet & 0x40) !== 0, "user data header"],
    ["replyPath" in tpdu && tpdu.replyPath, "reply path"],
  ];
  return [tpdu.kind, ...flags.filter(([set]) => set).map(([, name]) => name)].join(", ");
}

function pidMeaning(pid: number): string {
  if (pid === 0x00) return "plain message";
  if (pid === 0x40) return "type 0: acknowledged and thrown away, unseen";
  if (pid >= 0x41 && pid <= 0x47) return `replaces the earlier message of type ${pid - 0x40}`;
  if (pid === 0x5f) return "return call";
  return pid === 0x7f ? "data for the SIM" : `protocol ${pid}`;
}

function codingMeaning(coding: DataCoding): string {
  const { messageWaiting } = coding;
  const waiting = messageWaiting
    ? `${messageWaiting.active ? "" : "no "}${WAITING[messageWaiting.type] ?? ""} message waiting`
    : "";
  return [
    ALPHABET_NAMES[coding.alphabet],
    coding.class === null ? "" : (CLASS_NAMES[coding.class] ?? ""),
    coding.compressed ? "compressed" : "",
    coding.autoDelete ? "to be deleted once read" : "",
    waiting,
  ]
    .filter((part) => part !== "")
    .join(", ");
}

function timestampMeaning(timestamp: Timestamp): string {
  return timestamp.iso ?? "not a date; kept as received";
}

function validityMeaning(validity: ValidityPeriod): string {
  if (validity.format === "absolute") return `until ${timestampMeaning(validity.time)}`;
  const seconds = "seconds" in validity ? validity.seconds : undefined;
  const period = seconds === undefined ? "no period" : durationText(seconds);
  return "singleShot" in validity && validity.singleShot ? `${period}, one try only` : period;
}

function durationText(seconds: number): string {
  const units = [
    ["week", 604_800],
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
    ["second", 1],
  ] as const;
  const [name, size] = units.find(([, each]) => seconds >= each && seconds % each === 0) ?? ["second", 1];
  const count = seconds / size;
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

/** The three fields that TP-PI can announce (9.2.3.27). */
function parametersMeaning(indicator: number): string {
  const names = ["pid", "coding", "user data"].filter((_, bit) => (indicator & (1 << bit)) !== 0);
  return names.length === 0 ? "nothing follows" : `${names.join(", ")} follow`;
}

function commandMeaning(type: number): string {
  const names = ["enquiry", "cancel the status report", "delete the message", "enable the status report"];
  return names[type] ?? `command ${type}`;
}

function userDataMeaning(field: string, userData: UserData): string {
  switch (field) {
    case "userData.length":
      return `${userData.length} ${userData.data ? "octets" : "septets"}`;
    case "userData.header":
      return headerMeaningText(userData);
    default:
      return userData.text === undefined
        ? `${userData.data?.length ?? 0} octets of data`
        : JSON.stringify(userData.text);
  }
}

function headerMeaningText(userData: UserData): string {
  if (userData.headerMalformed) return "damaged, ignored";
  if (userData.header.length === 0) return "empty";
  const { concatenation, ports, singleShift, lockingShift } = userData;
  const known = [
    concatenation &&
      `part ${concatenation.sequence} of ${concatenation.total}, reference ${concatenation.reference}`,
    ports && `to port ${ports.destination} from port ${ports.source}`,
    ...(userData.waiting ?? []).map(
      ({ count, type }) => `${count} ${WAITING[type] ?? ""} message${count === 1 ? "" : "s"} waiting`,
    ),
    singleShift !== undefined && `single shift table ${singleShift}`,
    lockingShift !== undefined && `locking shift table ${lockingShift}`,
  ].filter((part) => typeof part === "string");
  if (known.length > 0) return known.join(", ");
  return userData.header
    .map(
      ({ iei, data }) => `element ${iei.toString(16).toUpperCase().padStart(2, "0")}: ${hexFromOctets(data)}`,
    )
    .join(", ");
}
