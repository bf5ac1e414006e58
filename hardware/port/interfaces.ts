/**
 * Which of a USB modem's serial ports talks AT. A modem has up to six; two or three of them speak
 * binary protocols, and must never be written to.
 */

export type PortRole =
  /** AT commands, and mostly what the modem says by itself. */
  | "at"
  /** AT commands too, but meant for dialling: the second choice. */
  | "modem"
  /** AT commands of some kind, with a protocol of its own. */
  | "application"
  | "diagnostic"
  | "gps"
  | "audio"
  | "unknown";

interface Family {
  readonly name: string;
  /** Four hexadecimal digits, as in sysfs. */
  readonly vendorId: string;
  /** All of the vendor's when absent. */
  readonly productIds?: readonly string[];
  /** By bInterfaceNumber. */
  readonly byNumber?: Readonly<Record<number, PortRole>>;
  /** By bInterfaceProtocol, of vendor-specific interfaces (class ff). */
  readonly byProtocol?: Readonly<Record<number, PortRole>>;
}

/** The first that matches counts, so particular products stand before the rest of their vendor. */
export const FAMILIES: readonly Family[] = [
  {
    name: "Quectel EC2x, EG2x, EG9x, BG9x",
    vendorId: "2c7c",
    byNumber: { 0: "diagnostic", 1: "gps", 2: "at", 3: "modem" },
  },
  {
    name: "SIMCom SIM7600",
    vendorId: "1e0e",
    productIds: ["9001"],
    byNumber: { 0: "diagnostic", 1: "gps", 2: "at", 3: "modem", 4: "audio" },
  },
  { name: "SIMCom", vendorId: "1e0e", productIds: ["9100", "9200"], byNumber: { 1: "modem", 3: "at" } },
  {
    name: "SIMCom on Qualcomm",
    vendorId: "05c6",
    productIds: ["9000"],
    byNumber: { 0: "diagnostic", 1: "gps", 2: "at", 3: "modem" },
  },
  {
    name: "Huawei",
    vendorId: "12d1",
    byProtocol: { 1: "modem", 2: "at", 18: "at", 50: "at", 3: "diagnostic" },
  },
  {
    name: "ZTE",
    vendorId: "19d2",
    productIds: ["0016", "0017", "0117"],
    byNumber: { 0: "diagnostic", 1: "at", 2: "modem" },
  },
  { name: "ZTE", vendorId: "19d2", byNumber: { 0: "diagnostic", 1: "at", 3: "modem" } },
  {
    name: "Telit LE910",
    vendorId: "1bc7",
    productIds: ["1201"],
    byNumber: { 0: "diagnostic", 3: "gps", 4: "at", 5: "modem" },
  },
  { name: "Telit", vendorId: "1bc7", productIds: ["1101"], byNumber: { 1: "at", 2: "modem" } },
  { name: "Telit HE910", vendorId: "1bc7", productIds: ["0021"], byNumber: { 0: "modem", 6: "at" } },
  { name: "Sierra", vendorId: "1199", byNumber: { 1: "diagnostic", 3: "at", 4: "application" } },
  { name: "u-blox", vendorId: "1546", productIds: ["1010"], byNumber: { 0: "modem", 6: "at" } },
  { name: "u-blox", vendorId: "1546", byNumber: { 0: "modem", 2: "at" } },
  { name: "Cinterion", vendorId: "1e2d", productIds: ["0053"], byNumber: { 2: "application", 3: "at" } },
  { name: "Cinterion", vendorId: "1e2d", productIds: ["0061"], byNumber: { 0: "at", 2: "application" } },
];

/** Converters on boards with one UART, behind which a SIM800 or M95 may be; they do not tell. */
const CONVERTERS: Readonly<Record<string, string>> = {
  "10c4:ea60": "CP2102 converter",
  "1a86:7523": "CH340 converter",
  "1a86:55d4": "CH9102 converter",
  "0403:6001": "FT232 converter",
  "067b:2303": "PL2303 converter",
};

export interface UsbInterface {
  readonly vendorId: string;
  readonly productId: string;
  readonly interfaceNumber: number;
  readonly interfaceProtocol?: number;
}

export interface InterfaceRole {
  readonly family?: string;
  readonly role: PortRole;
}

export function roleOf(usb: UsbInterface): InterfaceRole {
  const converter = CONVERTERS[`${usb.vendorId}:${usb.productId}`];
  if (converter !== undefined) return { family: converter, role: "at" };
  const family = FAMILIES.find(
    (candidate) =>
      candidate.vendorId === usb.vendorId &&
      (candidate.productIds === undefined || candidate.productIds.includes(usb.productId)),
  );
  if (family === undefined) return { role: "unknown" };
  const byNumber = family.byNumber?.[usb.interfaceNumber];
  const byProtocol =
    usb.interfaceProtocol === undefined ? undefined : family.byProtocol?.[usb.interfaceProtocol];
  return { family: family.name, role: byNumber ?? byProtocol ?? "unknown" };
}
