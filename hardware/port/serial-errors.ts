/** Turns what the serial library says into what an operator can act on. */
import { userInfo } from "node:os";
import { findHolders, isModemManagerRunning } from "./holders.ts";
import { PortError } from "./port.ts";

type Code = PortError["code"];

/** The library passes on strerror(3) texts, not codes. */
const TEXTS: readonly (readonly [RegExp, Code])[] = [
  [/cannot lock port|device or resource busy|\bEBUSY\b/i, "busy"],
  [/no such file|no such device|\bE(NOENT|NODEV|NXIO)\b/i, "missing"],
  [/permission denied|not permitted|\bE(ACCES|PERM)\b/i, "denied"],
  [/inappropriate ioctl|invalid argument|is a directory|baud rate|\bE(NOTTY|INVAL|ISDIR)\b/i, "invalid"],
];

export function openFailureCode(text: string): Code {
  return TEXTS.find(([pattern]) => pattern.test(text))?.[1] ?? "failed";
}

export async function describeOpenFailure(path: string, device: string, error: Error): Promise<PortError> {
  const code = openFailureCode(error.message);
  return new PortError(code, `${path}: ${await sentence(code, device, error)}`, { cause: error });
}

async function sentence(code: Code, device: string, error: Error): Promise<string> {
  switch (code) {
    case "missing":
      return "there is no such device; is the modem plugged in? (dunlin modems lists what is there)";
    case "denied":
      return (
        `user ${userInfo().username} may not open it; ` +
        "add the user to group dialout (usermod -aG dialout USER) and log in again"
      );
    case "busy":
      return busySentence(device);
    case "invalid":
      return `this is not a serial port that can be set up (${error.message})`;
    case "failed":
      return error.message;
  }
}

async function busySentence(device: string): Promise<string> {
  const holders = await findHolders(device);
  const who = holders.map((holder) => `${holder.name} (process ${holder.pid})`).join(", ");
  if (
    holders.some((holder) => holder.name === "ModemManager") ||
    (who === "" && (await isModemManagerRunning()))
  ) {
    return (
      "ModemManager has it open; stop it (systemctl stop ModemManager), " +
      "or install hardware/udev/99-dunlin.rules, which makes it leave our modems alone"
    );
  }
  return who === ""
    ? "another program has it open; perhaps a second gateway, gammu-smsd or smsd"
    : `${who} has it open; stop that program, or give it another port`;
}
