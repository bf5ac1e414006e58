/** TP-ST, the fate of a message (23.040 9.2.3.15). */
import type { StatusCategory } from "./types.ts";

const TEXTS: ReadonlyMap<number, string> = new Map([
  [0x00, "received by the handset"],
  [0x01, "forwarded to the handset, but the service centre cannot confirm delivery"],
  [0x02, "replaced by the service centre"],
  [0x20, "congestion, still trying"],
  [0x21, "handset busy, still trying"],
  [0x22, "no response from the handset, still trying"],
  [0x23, "service rejected, still trying"],
  [0x24, "quality of service not available, still trying"],
  [0x25, "error in the handset, still trying"],
  [0x40, "remote procedure error"],
  [0x41, "incompatible destination"],
  [0x42, "connection rejected by the handset"],
  [0x43, "not obtainable"],
  [0x44, "quality of service not available"],
  [0x45, "no interworking available"],
  [0x46, "validity period expired"],
  [0x47, "deleted by the sender"],
  [0x48, "deleted by the service centre's administration"],
  [0x49, "the service centre does not know the message"],
  [0x60, "congestion, no more tries"],
  [0x61, "handset busy, no more tries"],
  [0x62, "no response from the handset, no more tries"],
  [0x63, "service rejected, no more tries"],
  [0x64, "quality of service not available, no more tries"],
  [0x65, "error in the handset, no more tries"],
]);

/**
 * What a status means for the message. Values that the standard keeps for itself are `reserved`: they
 * count as "service rejected", which is final. Those for service centres to use (10-1F and so on) belong
 * to the range that they stand in. Only `still-trying` leaves the message open.
 */
export function statusCategory(status: number): StatusCategory {
  if (TEXTS.has(status)) return range(status);
  const isServiceCentresOwn = (status & 0x90) === 0x10;
  return isServiceCentresOwn ? range(status) : "reserved";
}

function range(status: number): StatusCategory {
  if (status < 0x20) return "completed";
  if (status < 0x40) return "still-trying";
  return status < 0x60 ? "permanent-failure" : "temporary-failure-final";
}

/** One line for people. */
export function statusText(status: number): string {
  const known = TEXTS.get(status);
  if (known !== undefined) return known;
  const name = status.toString(16).toUpperCase().padStart(2, "0");
  const category = statusCategory(status);
  if (category === "reserved") return `reserved status ${name}, taken as service rejected`;
  return `status ${name} of the service centre's own, ${category.replaceAll("-", " ")}`;
}
