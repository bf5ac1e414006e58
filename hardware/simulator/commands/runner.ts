/** Finds a command and runs one form of it. */
import { type Answer, cme, ERROR, OK } from "#hardware/simulator/modem/answers.ts";
import type { Call } from "#hardware/simulator/modem/command-line.ts";
import type { VirtualModem } from "#hardware/simulator/modem/virtual-modem.ts";
import { refusalOf } from "./gates.ts";
import type { Command, CommandTable } from "./types.ts";

export type CommandRunner = (modem: VirtualModem, call: Call) => Answer;

const OPERATION_NOT_SUPPORTED = 4;

export function commandRunner(tables: readonly CommandTable[]): CommandRunner {
  const commands = new Map<string, Command>(tables.flatMap((table) => Object.entries(table)));
  return (modem, call) => {
    const command = commands.get(call.name);
    const form = command?.[call.form];
    if (command === undefined || form === undefined) return unknownAnswer(modem, command !== undefined);
    // The test form only lists what there is; it works without SIM and network.
    const refusal = call.form === "test" ? undefined : refusalOf(modem, command.needs);
    return refusal ?? form(modem, call.value);
  };
}

function unknownAnswer(modem: VirtualModem, isKnownName: boolean): Answer {
  const { unknownCommand } = modem.profile.dialogue;
  if (unknownCommand === "error" || (isKnownName && unknownCommand !== "cme")) return ERROR;
  if (unknownCommand === "cme") return cme(OPERATION_NOT_SUPPORTED);
  return { lines: [unknownCommand], final: "silent" };
}

/** Commands that a profile declares as fixed answers. */
export function extraCommands(modem: VirtualModem): CommandTable {
  const table: Record<string, Record<string, () => Answer>> = {};
  const forms = { "": "run", "?": "read", "=?": "test", "=": "set" } as const;
  for (const { name, form, lines } of modem.profile.extras) {
    const command = table[name] ?? {};
    command[forms[form]] = () => (lines.length === 0 ? OK : { lines, final: "ok" });
    table[name] = command;
  }
  return table;
}
