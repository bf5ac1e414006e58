/** The last TP-MR as the SIM has it: EF_SMSS, octet 1 (3GPP TS 31.102 4.2.9). */
import type { Channel } from "#hardware/at/channel.ts";
import { setCommand } from "#hardware/at/command.ts";

/** READ BINARY of EF_SMSS, file 6F43, two octets (27.007 8.18). */
const ASK = setCommand("+CRSM", 176, 28_483, 0, 0, 2);

/** Status words 9000, and 91xx: done, and the card has something else to say (31.101 10.2.1.1). */
const ANSWER = /^\+CRSM: ?14[45], ?\d+, ?"?([0-9A-F]{2})[0-9A-F]{2}"?/i;

/** Undefined when the SIM has no such file, or it could not be read. */
export async function readLastReference(channel: Channel): Promise<number | undefined> {
  const reply = await channel.run(ASK);
  if (reply.kind !== "ok") return undefined;
  const reference = ANSWER.exec(reply.lines[0] ?? "")?.[1];
  return reference === undefined ? undefined : Number.parseInt(reference, 16);
}
