/** The gateway's commands, to be joined with those of the other rooms. */
import type { Command } from "commander";
import { configCommand } from "./cli/config.ts";
import { gatewayCommand } from "./cli/gateway.ts";
import { type CliIo, processIo } from "./cli/io.ts";
import { keysCommand } from "./cli/keys.ts";
import { messagesCommand } from "./cli/messages.ts";
import { modemsCommand } from "./cli/modems.ts";
import { sendCommand } from "./cli/send.ts";

export function gatewayCommands(io: CliIo = processIo()): Command[] {
  return [gatewayCommand, sendCommand, messagesCommand, keysCommand, modemsCommand, configCommand].map(
    (make) => make(io),
  );
}
