/** `dunlin gateway`: the service itself, until a signal ends it. */
import { flushCompileCache } from "node:module";
import { Command } from "commander";
import type { GatewaySettings } from "#gateway/config.ts";
import { ListenError, startGateway } from "#gateway/main.ts";
import { createLogger, type Logger } from "#shared/logger.ts";
import { attempt, CliError, type CliIo } from "./io.ts";
import { collect, loadCliSettings, type SettingsFlags, withSettingsOptions } from "./settings.ts";

interface Flags extends SettingsFlags {
  readonly host?: string;
  readonly port?: string;
  readonly logLevel?: string;
  readonly modem?: readonly string[];
}

/** Exit code of a process that a second signal ended before it was done. */
const EXIT_FORCED = 130;

const HELP = `
Examples:
  dunlin gateway --config dunlin.toml
  dunlin gateway --modem stick=/dev/serial/by-id/usb-HUAWEI-if00-port0 --set numbers.homeCountry=DE
  dunlin gateway --modem m1=tcp://10.0.0.7:3001 --port 9000

SIGTERM or Ctrl-C: nothing new is taken in, the submit on the air is finished, then it ends. A second one ends
it at once; a segment that a modem has at that moment becomes \`unknown\`.`;

export function gatewayCommand(io: CliIo): Command {
  const command = new Command("gateway")
    .description("Run the gateway: modems, HTTP interface, webhooks.")
    .option("--host <address>", "address to listen on")
    .option("--port <port>", "port to listen on")
    .option("--log-level <level>", "debug, info, warn, error or silent")
    .option("--modem <name=port>", "a modem, instead of those in the settings; may be repeated", collect)
    .addHelpText("after", HELP);
  return withSettingsOptions(command).action((flags: Flags) => attempt(io, () => runGateway(io, flags)));
}

async function runGateway(io: CliIo, flags: Flags): Promise<void> {
  const { settings, warnings } = loadCliSettings(io, flags, settingsOf(flags));
  const log = logOf(settings, io);
  for (const warning of warnings) log.warn({}, warning);
  const signals = createSignals();
  try {
    const gateway = await startGateway(settings, { clock: io.clock, log });
    // Node does it at the end, to which a process that is killed does not come; its next start matters most.
    flushCompileCache();
    const signal = await signals.first;
    log.info({ signal }, "stopping: submits on the air are finished first; a second signal ends it at once");
    void signals.second.then(() => process.exit(EXIT_FORCED));
    await gateway.stop();
    log.info({}, "the gateway has stopped");
  } catch (error) {
    throw error instanceof ListenError ? new CliError(error.message) : error;
  } finally {
    signals.ignore();
  }
}

function settingsOf({ host, port, logLevel, modem }: Flags): Record<string, unknown> {
  const given: Record<string, unknown> = { "http.host": host, "http.port": port, "log.level": logLevel };
  if (modem !== undefined) given.modems = modem.map(splitModem);
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function splitModem(text: string): { name: string; port: string } {
  const at = text.indexOf("=");
  if (at <= 0) throw new CliError(`--modem ${text}: write name=port, such as m1=/dev/ttyUSB2`);
  return { name: text.slice(0, at), port: text.slice(at + 1) };
}

function logOf(settings: GatewaySettings, io: CliIo): Logger {
  const { level, format } = settings.log;
  const isTerminal = process.stdout.isTTY === true;
  const chosen = format === "auto" ? (isTerminal ? "text" : "json") : format;
  return createLogger({ level, name: "gateway", format: chosen, colours: io.colours });
}

interface Signals {
  readonly first: Promise<string>;
  readonly second: Promise<string>;
  ignore(): void;
}

function createSignals(): Signals {
  const [first, second] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
  let count = 0;
  const take = (signal: string): void => (count++ === 0 ? first : second).resolve(signal);
  process.on("SIGTERM", take).on("SIGINT", take);
  return {
    first: first.promise,
    second: second.promise,
    ignore: () => void process.off("SIGTERM", take).off("SIGINT", take),
  };
}
