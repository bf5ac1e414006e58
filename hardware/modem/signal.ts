/** How well the modem hears the network, in dBm. */
import type { Channel } from "#hardware/at/channel.ts";
import { runCommand } from "#hardware/at/command.ts";
import { numberField, splitFields } from "#hardware/at/fields.ts";

/** 27.007 8.5: 0 is -113 dBm, each step is 2 dB; 99 is not known. From 100 on, TD-SCDMA counts from -116. */
export function dbmOfCsq(rssi: number): number | undefined {
  if (rssi >= 0 && rssi <= 31) return 2 * rssi - 113;
  if (rssi >= 100 && rssi <= 191) return rssi - 100 - 116;
  return undefined;
}

/** 27.007 8.69: RSRP 0 is below -140 dBm, each step is 1 dB; 255 is not known. */
export function dbmOfRsrp(rsrp: number): number | undefined {
  return rsrp >= 0 && rsrp <= 97 ? rsrp - 141 : undefined;
}

export async function readSignalDbm(channel: Channel): Promise<number | undefined> {
  const csq = await fields(channel, "+CSQ");
  const dbm = dbmOfCsq(numberField(csq[0]) ?? -1);
  if (dbm !== undefined) return dbm;
  // On LTE some modems know no RSSI, and tell the reference signal by AT+CESQ.
  const cesq = await fields(channel, "+CESQ");
  return dbmOfRsrp(numberField(cesq[5]) ?? -1);
}

async function fields(channel: Channel, name: string): Promise<string[]> {
  const reply = await channel.run(runCommand(name));
  const line = reply.kind === "ok" ? reply.lines[0] : undefined;
  return line === undefined ? [] : splitFields(line.slice(line.indexOf(":") + 1));
}
