/** SMS-COMMAND, from the mobile to the service centre (23.040 9.2.2.4). */
import { readAddress, writeAddress, writeServiceCentre } from "./address.ts";
import type { PduReader } from "./reader.ts";
import type { Address, Command, EncodedPdu, Mutable } from "./types.ts";
import { PduWriter } from "./writer.ts";

/** TP-MTI 10 and the other bits of the first octet. */
const COMMAND = 0x02;
const STATUS_REPORT_REQUEST = 0x20;
const USER_DATA_HEADER = 0x40;

/** 9.2.2.4: octets of TP-CD. */
const COMMAND_DATA_OCTETS = 157;

/** A decoded `Command` is one too. */
export type CommandFields = Omit<Command, "kind" | "firstOctet" | "smsc"> & {
  readonly smsc?: Address | null;
};

export function readCommand(reader: PduReader, smsc: Address | null, firstOctet: number): Command {
  const messageReference = reader.octet("messageReference");
  const pid = reader.octet("pid");
  const commandType = reader.octet("commandType");
  const messageNumber = reader.octet("messageNumber");
  const destination = readAddress(reader, "destination");
  const lengthAt = reader.at;
  const length = reader.octet("data.length");
  if (length > COMMAND_DATA_OCTETS) {
    const detail = `${length} octets of command data, at most ${COMMAND_DATA_OCTETS} fit`;
    throw reader.error("too-long", "data.length", lengthAt, detail);
  }
  const data = reader.slice(length, "data");
  const command: Mutable<Command> = {
    kind: "command",
    smsc,
    firstOctet,
    userDataHeader: (firstOctet & USER_DATA_HEADER) !== 0,
    statusReportRequest: (firstOctet & STATUS_REPORT_REQUEST) !== 0,
    messageReference,
    pid,
    commandType,
    messageNumber,
    destination,
    data,
  };
  if (reader.left > 0) command.trailingOctets = reader.left;
  return Object.freeze(command);
}

/** @throws PduError naming the field that cannot be encoded. */
export function encodeCommand(fields: CommandFields): EncodedPdu {
  const writer = new PduWriter();
  writeServiceCentre(writer, fields.smsc);
  writer.push(
    COMMAND |
      (fields.statusReportRequest ? STATUS_REPORT_REQUEST : 0) |
      (fields.userDataHeader ? USER_DATA_HEADER : 0),
  );
  writer.octet(fields.messageReference, "messageReference");
  writer.octet(fields.pid, "pid");
  writer.octet(fields.commandType, "commandType");
  writer.octet(fields.messageNumber, "messageNumber");
  writeAddress(writer, fields.destination, "destination");
  writer.octet(fields.data.length, "data.length", COMMAND_DATA_OCTETS);
  writer.bytes(fields.data, "data");
  return writer.finish();
}
