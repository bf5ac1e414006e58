/** The one thing this room reads of a PDU: whether a stored one is a message or a report. */

/** TP-MTI is the low two bits of the first octet after the service centre field (23.040 9.2.3.1). */
export function isStatusReport(hex: string): boolean | undefined {
  const centreOctets = Number.parseInt(hex.slice(0, 2), 16);
  const firstOctet = Number.parseInt(hex.slice(2 + centreOctets * 2, 4 + centreOctets * 2), 16);
  if (Number.isNaN(centreOctets) || Number.isNaN(firstOctet)) return undefined;
  return (firstOctet & 0x03) === 0x02;
}
