/**
 * A modem family as data: how it names itself, which settings it takes, how its answers are spelled and
 * what it says when it starts. The engine knows no family by name.
 */
import type { UssdSpelling } from "#hardware/simulator/modem/ussd.ts";
import type { LatencyName } from "#hardware/simulator/network/latency.ts";

export type StorageName = "SM" | "ME" | "SR" | "MT";

/** A line said by itself, `afterMs` from power-up. */
export interface BootLine {
  readonly afterMs: number;
  /** `{lock}` stands for what AT+CPIN? answers. */
  readonly text: string;
  /** Said only when the SIM is there and unlocked. */
  readonly needsSim?: true;
}

/** A serial port beside the one for AT. */
export interface UsbPort {
  /** bInterfaceNumber. */
  readonly interface: number;
  /** `modem` speaks AT too and is meant for dialling; the others speak no AT at all. */
  readonly role: "modem" | "diagnostic" | "gps";
}

export interface Usb {
  /** Vendor and product, as lsusb shows them. */
  readonly id: string;
  /** bInterfaceNumber of the port for AT. */
  readonly at: number;
  readonly others: readonly UsbPort[];
  /** The command that chooses which AT port says what the modem says by itself, and its values. */
  readonly talksOn?: {
    readonly command: string;
    readonly at: string;
    readonly modem: string;
    /** What its test form answers. */
    readonly offered: string;
  };
  /** What it is until it is switched: a stick with a CD-ROM full of Windows drivers (usb-modeswitch). */
  readonly cdRomId?: string;
}

export interface Profile {
  readonly name: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly revision: string;
  /** Lines of `ATI`; the last is often the revision. */
  readonly information: readonly string[];
  readonly capabilities: string;
  /** Type allocation code: the first eight digits of the IMEI. */
  readonly imeiPrefix: string;
  readonly dialogue: Dialogue;
  readonly storage: Storage;
  readonly routing: Routing;
  readonly iccid: { readonly command: string; readonly prefix: string };
  /** How the remaining PIN tries are asked for. */
  readonly pinTries?: { readonly command: string; readonly form: PinTriesForm };
  /** `"CE00","01CEAD8F",7` or the unquoted form of some families. */
  readonly cellIdentity: "quoted" | "unquoted";
  /** Which of CREG, CGREG and CEREG exist. */
  readonly registrations: readonly ("CREG" | "CGREG" | "CEREG")[];
  readonly radio: { readonly latency: LatencyName; readonly accessTechnology: number };
  /** Absent for a module on a UART, which has one port. */
  readonly usb?: Usb;
  readonly power: Power;
  /**
   * Where TP-MR is counted: in EF_SMSS of the SIM, as 23.040 9.2.3.6 wants it, or in the modem's own
   * memory, which begins anew with each power-up and leaves the file as it was.
   */
  readonly reference: "sim" | "modem";
  /** Unsolicited lines that the owner of the port must ignore. */
  readonly noise?: Noise;
  /** Said when the network tells the time; `command` asks for it, else it comes as the noise does. */
  readonly time?: { readonly lines: readonly string[]; readonly command?: string };
  /** Said when a memory has run full. */
  readonly memoryFullLine?: (storage: string) => string;
  /** Said when a message came and had no room. */
  readonly memoryRefusedLine?: (storage: string) => string;
  /** The module sleeps when nobody speaks to it. */
  readonly powerSave?: PowerSave;
  /** `{from}` and `{time}` stand for the caller and the time of day. */
  readonly call: { readonly ring: string; readonly end: readonly string[] };
  readonly ussd: UssdSpelling;
  readonly quirks?: Quirks;
  /** Commands that only this family has, with what they answer. */
  readonly extras: readonly Extra[];
}

export type PinTriesForm = "quectel" | "huawei" | "simcom" | "zte" | "telit" | "ublox" | "cinterion";

export interface Noise {
  readonly everyMs: number;
  readonly lines: readonly string[];
  /** What ends it: AT^CURC=0, or the first AT+CPMS?. */
  readonly endedBy: "^CURC" | "+CPMS?";
  /** Nobody ended it for so many lines: the firmware runs out of buffers and restarts. */
  readonly crashAfterLines?: number;
}

export interface PowerSave {
  /** The command that ends it with the value 0. */
  readonly command: string;
  /** Asleep after so long without a character. */
  readonly idleMs: number;
  /** Characters that wake it and are lost. */
  readonly eats: number;
  /** The command's value after power-up. */
  readonly atStart: number;
}

/** What a family does that no standard says. */
export interface Quirks {
  /** `+CPIN: READY` stands alone, no OK follows. */
  readonly pinStateWithoutOk?: true;
  /** AT+CFUN? answers as the test form does. */
  readonly functionalityReadsAsTest?: string;
  /** AT+CSMP clears the service centre (AT+CSCA). */
  readonly textParametersWipeCentre?: true;
  /** CME code while the SIM comes up, instead of 14. */
  readonly startingCode?: number;
  /** That code is answered for so long after AT+CFUN=1 too. */
  readonly startingAfterRadioMs?: number;
  /** Submits fail with CMS 302 until AT&F was given once since power-up (a SIM7600 firmware). */
  readonly submitsAfterDefaults?: true;
  /** No submit while the memory for arriving messages is full: CMS 322. */
  readonly submitNeedsRoom?: true;
}

export interface Dialogue {
  readonly echo: boolean;
  /** CMEE after power-up: 0 ERROR, 1 numbers, 2 words. */
  readonly errorLevel: 0 | 1 | 2;
  /** To a command that does not exist: a plain ERROR, CME 4 as CMEE says, or the vendor's words. */
  readonly unknownCommand: "error" | "cme" | "COMMAND NOT SUPPORT";
  /** Characters of a command line; a longer one is an ERROR. */
  readonly lineMax: number;
  /** What ESC at the prompt answers. */
  readonly escape: "ok" | "error" | "nothing";
  /** How long the prompt waits for Ctrl-Z. */
  readonly promptTimeoutMs: number;
  /**
   * Octets that come while the network has not answered: they end the command with ERROR (27.005 lets
   * them), or they wait until it is done.
   */
  readonly inputWhileSubmitting: "abort" | "wait";
  /** CMS code while the message service comes up: 314, or SIMCom's own 517. */
  readonly notReadyCode: number;
  /** CMS code for a network that does not answer: 332, or the vendor's own. */
  readonly networkTimeoutCode?: number;
  /** CMS code for a number that fixed dialling does not allow: 317, or the vendor's own. */
  readonly fixedDiallingCode?: number;
  /** `+CMGS: n` alone, or with the service centre's time stamp when CSMS is 1. */
  readonly submitTimestamp: boolean;
}

export interface Storage {
  /** The three lists of `AT+CPMS=?`. */
  readonly offered: readonly [readonly StorageName[], readonly StorageName[], readonly StorageName[]];
  /** The answer to `AT+CPMS=?` where it is not spelled the usual way. */
  readonly spelled?: string;
  /** How many memories AT+CPMS takes and shows; 3 when absent. */
  readonly memories?: 2;
  /** Taken as the first memory without being offered. */
  readonly unlisted?: readonly StorageName[];
  readonly chosen: readonly [StorageName, StorageName, StorageName];
  readonly sizes: { readonly ME: number; readonly SR: number };
  /** 0 or 1. */
  readonly firstIndex: 0 | 1;
  /** What reading an empty place answers. */
  readonly emptyPlace: "error" | "ok";
  /** How `AT+CMGD=?` lists the places: `(1,2)`, `(1,2,)` or `(0-9)`. */
  readonly deleteList: "indices" | "indices-comma" | "range";
}

export interface Routing {
  /** Offered values of CNMI as `AT+CNMI=?` lists them, and how the answer is spelled. */
  readonly offered: readonly [
    readonly number[],
    readonly number[],
    readonly number[],
    readonly number[],
    readonly number[],
  ];
  readonly spelled: string;
  readonly chosen: readonly [number, number, number, number, number];
  /** Modes that are listed and refused all the same. */
  readonly refusedModes: readonly number[];
  readonly services: readonly number[];
  readonly servicesSpelled: string;
  /** Where a report goes with ds=2. */
  readonly reportStorage: "SR" | "SM" | "ME";
  /** Class 0 with mt 0 or 1: stored as any other, or shown at once as +CMT. */
  readonly classZero: "store" | "show";
  /** Length field of +CMT: `,24`, `"",24` or `24`; of +CDS: `25` or `,25`. */
  readonly cmtHead: "," | '"",' | "";
  readonly cdsHead: "" | ",";
  readonly acknowledgementTimeoutMs: number;
}

export interface Power {
  /** How long the port is gone after a restart; 0 when it stays (a UART behind a USB bridge). */
  readonly portGoneMs: number;
  /** From power-up: when the SIM answers, when SMS commands work, when the network is found. */
  readonly simReadyMs: number;
  readonly smsReadyMs: number;
  readonly registeredMs: number;
  readonly boot: readonly BootLine[];
  /** Said once the PIN has been given. */
  readonly afterPin: readonly BootLine[];
  /** Commands that restart the modem beside AT+CFUN=1,1, as `NAME` or `NAME=value`. */
  readonly restartCommands: readonly string[];
  readonly powerOff?: { readonly command: string; readonly line: string };
}

/** `form` is the part after the name: `""`, `"?"`, `"=?"` or `"="` for any value. */
export interface Extra {
  readonly name: string;
  readonly form: "" | "?" | "=?" | "=";
  readonly lines: readonly string[];
}
