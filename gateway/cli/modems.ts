/** `dunlin modems`: those of a running gateway, or what is plugged in. */
import { Command } from "commander";
import { discoverPorts, lastingName } from "#hardware/port/discovery.ts";
import { ModemList } from "#shared/gateway-api.ts";
import { type ClientFlags, createClient, keyFor, withClientOptions } from "./client.ts";
import { attempt, type CliIo } from "./io.ts";
import { printJson, printTable } from "./output.ts";

interface Flags extends ClientFlags {
  readonly discover?: boolean;
  readonly json?: boolean;
}

const HELP = `
Examples:
  dunlin modems                 the gateway's modems (needs a key with the scope fleet:read)
  dunlin modems --discover      serial ports of this machine; opens none of them`;

export function modemsCommand(io: CliIo): Command {
  const command = new Command("modems")
    .description("List the modems of a running gateway, or the serial ports of this machine.")
    .option("--discover", "look at this machine instead of asking a gateway")
    .option("--json", "as JSON")
    .addHelpText("after", HELP);
  return withClientOptions(command).action((flags: Flags) =>
    attempt(io, () =>
      flags.discover === true || !keyFor(io, flags) ? discover(io, flags) : list(io, flags),
    ),
  );
}

async function list(io: CliIo, flags: Flags): Promise<void> {
  const answer = await createClient(io, flags).call("GET", "/v1/modems", ModemList);
  if (flags.json === true) return printJson(io, answer);
  const rows = answer.items.map((modem) => [
    modem.name,
    modem.state,
    modem.model ?? "",
    modem.operator ?? "",
    modem.signalDbm === undefined ? "" : `${modem.signalDbm} dBm`,
    modem.sim ?? "",
    modem.detail,
  ]);
  printTable(io, ["NAME", "STATE", "MODEL", "OPERATOR", "SIGNAL", "SIM", "DETAIL"], rows);
}

async function discover(io: CliIo, flags: Flags): Promise<void> {
  const ports = await discoverPorts();
  if (flags.json === true) return printJson(io, ports);
  if (ports.length === 0) {
    io.out("no serial port of a modem is there\n");
    return;
  }
  const rows = ports.map((port) => [
    port.recommended ? "use this" : "",
    lastingName(port),
    port.role,
    port.family ?? port.usb?.product ?? "",
    port.device,
  ]);
  printTable(io, ["", "PORT", "ROLE", "DEVICE", "NOW"], rows);
}
