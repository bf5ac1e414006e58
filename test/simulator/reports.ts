/** Status reports as a host hears them by +CDS. */
import { decodePdu } from "#hardware/pdu/decode.ts";
import type { StatusReport } from "#hardware/pdu/types.ts";
import type { Host, Rig } from "./rig.ts";

/** A host that gets reports at once. */
export async function reportingHost(rig: Rig): Promise<Host> {
  const host = await rig.host();
  await host.command("AT+CNMI=2,1,0,1,0");
  return host;
}

export function reports(heard: string): readonly StatusReport[] {
  const hexes = [...heard.matchAll(/\+CDS: \d+\r\n([0-9A-F]+)/g)].map(([, hex]) => hex ?? "");
  return hexes.map((hex) => decodePdu(hex, { direction: "mt" }) as StatusReport);
}

/** TP-ST of each. */
export const statuses = (heard: string): readonly number[] => reports(heard).map(({ status }) => status);
export const withReport = { statusReportRequest: true } as const;
