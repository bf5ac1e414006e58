/**
 * A modem that answers from a table, for tests of single steps: commands it does not know are ERROR.
 * It is no judge of anything; that is the simulator's ledger.
 */
import { type OpenPort, PortClosed, type PortHandlers } from "#hardware/port/port.ts";

/** Lines before OK; or, when the last of them is a result or a prompt, exactly these. */
export type Answer = readonly string[] | ((command: string) => readonly string[] | undefined);

export interface ScriptedModem {
  readonly open: OpenPort;
  /** Every command, as it was sent, without its CR. */
  readonly sent: string[];
  /** Answers as they stand now; tests change them. */
  readonly answers: Map<string, Answer>;
  /** Sends raw bytes. */
  say(text: string): void;
  unplug(): void;
  readonly isOpen: boolean;
}

const RESULT = /^(?:OK|ERROR|\+CM[ES] ERROR.*|> )$/;

/** What a modem by the book, with a SIM and a network, answers at start-up. */
export function wellBehavedAnswers(): Map<string, Answer> {
  return new Map<string, Answer>([
    ["AT", []],
    ["ATE0", []],
    ["ATV1", []],
    ["ATQ0", []],
    ["AT&D0", []],
    ["AT+CMGF?", ["+CMGF: 0"]],
    ["AT+CMEE=1", []],
    ["AT+CGMI", ["Acme"]],
    ["AT+CGMM", ["Anvil 1"]],
    ["AT+CGMR", ["1.0"]],
    ["AT+CGSN", ["490154203237518"]],
    ["AT+CFUN?", ["+CFUN: 1"]],
    ["AT+CPIN?", ["+CPIN: READY"]],
    ["AT+CIMI", ["262019876543210"]],
    ["AT+CRSM=176,12258,0,0,10", ['+CRSM: 144,0,"98944710000045321098"']],
    ["AT+CREG=2", []],
    ["AT+CGREG=2", []],
    ["AT+CEREG=2", []],
    ["AT+CREG?", ['+CREG: 2,1,"CE00","01CEAD8F"']],
    ["AT+CGREG?", ["+CGREG: 2,0"]],
    ["AT+CEREG?", ["+CEREG: 2,0"]],
    ["AT+COPS=3,0", []],
    ["AT+COPS?", ['+COPS: 0,0,"Testnet"']],
    ["AT+CSQ", ["+CSQ: 20,99"]],
    ["AT+CMGF=0", []],
    ['AT+CSCS="GSM"', []],
    ["AT+CSCA?", ['+CSCA: "+491710760000",145']],
    ["AT+CSMS?", ["+CSMS: 0,1,1,1"]],
    ["AT+CPMS=?", ['+CPMS: ("ME","SM","SR"),("ME","SM"),("ME","SM")']],
    ['AT+CPMS="ME","ME","ME"', ["+CPMS: 0,100,0,100,0,100"]],
    ['AT+CPMS="ME"', ["+CPMS: 0,100,0,100,0,100"]],
    ['AT+CPMS="SM"', ["+CPMS: 0,20,0,100,0,100"]],
    ['AT+CPMS="SR"', ["+CPMS: 0,5,0,100,0,100"]],
    ["AT+CPMS?", ['+CPMS: "ME",0,100,"ME",0,100,"ME",0,100']],
    ["AT+CNMI=?", ["+CNMI: (0-2),(0-3),(0,2),(0-2),(0,1)"]],
    ["AT+CNMI=2,1,0,2,0", []],
    ["AT+CNMI?", ["+CNMI: 2,1,0,2,0"]],
    ["AT+CMMS=?", ["+CMMS: (0-2)"]],
    ["AT+CMMS=2", []],
    ["AT+CMMS=0", []],
    ["AT+CMGL=4", []],
  ]);
}

export function scriptedModem(answers: Map<string, Answer> = wellBehavedAnswers()): ScriptedModem {
  const sent: string[] = [];
  let handlers: PortHandlers | undefined;
  let line = "";

  function say(text: string): void {
    handlers?.data(Buffer.from(text, "latin1"));
  }

  function answer(command: string): void {
    sent.push(command);
    const entry = answers.get(command) ?? answers.get("*");
    const lines = typeof entry === "function" ? entry(command) : (entry ?? ["ERROR"]);
    // Undefined: it says nothing at all.
    if (lines === undefined) return;
    const whole = RESULT.test(lines.at(-1) ?? "") ? lines : [...lines, "OK"];
    say(whole.map((text) => (text === "> " ? "\r\n> " : `\r\n${text}\r\n`)).join(""));
  }

  function take(byte: string): void {
    if (byte === "\x1b") {
      line = "";
    } else if (byte === "\r" || byte === "\x1a") {
      const command = byte === "\r" ? line : `${line}\x1a`;
      line = "";
      // As a modem does it: an empty line is no command.
      if (command !== "") queueMicrotask(() => answer(command));
    } else {
      line += byte;
    }
  }

  return {
    sent,
    answers,
    say,
    open: async (given) => {
      handlers = given;
      line = "";
      return {
        name: "scripted",
        write(bytes) {
          if (handlers !== given) throw new PortClosed("scripted: closed");
          for (const byte of Buffer.from(bytes).toString("latin1")) take(byte);
        },
        async close() {
          if (handlers !== given) return;
          handlers = undefined;
          given.closed("closed by us");
        },
      };
    },
    unplug() {
      const gone = handlers;
      handlers = undefined;
      gone?.closed("the device is gone");
    },
    get isOpen() {
      return handlers !== undefined;
    },
  };
}
