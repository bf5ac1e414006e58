/**
 * The lock that minicom, gammu, smstools and asterisk look at: a file `LCK..ttyUSB2` with the holder's
 * process number in ten columns (Filesystem Hierarchy Standard 3.0, 5.9). serialport's own flock is not
 * seen by them.
 */
import { link, readFile, unlink, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { holderName, processRuns } from "./holders.ts";
import { PortError } from "./port.ts";

export const LOCK_FOLDER = "/var/lock";

/** A stale lock is taken over; if a new one stands there again each time, somebody else is faster. */
const TAKE_TRIES = 3;

const nothing = (): Promise<void> => Promise.resolve();

/**
 * Takes the lock of a device and returns the way to give it back. Without a lock folder that we may
 * write, there is no lock and no error: the flock still holds. @throws PortError busy
 */
export async function takeUucpLock(
  device: string,
  folder: string = LOCK_FOLDER,
  self: number = process.pid,
): Promise<() => Promise<void>> {
  // Pseudo-terminals are numbered anew all the time, and no lock program guards them.
  if (!device.startsWith("/dev/") || device.startsWith("/dev/pts/")) return nothing;
  const lock = `${folder}/LCK..${basename(device)}`;
  // Written aside and linked, so that no reader ever sees a lock without its number.
  const draft = `${folder}/LTMP.${basename(device)}.${self}`;
  try {
    await writeFile(draft, `${String(self).padStart(10)}\n`, { mode: 0o644 });
  } catch {
    return nothing;
  }
  try {
    for (let attempt = 1; attempt <= TAKE_TRIES; attempt++) {
      if (await linked(draft, lock)) return () => giveBack(lock, self);
      const holder = await holderOf(lock);
      if (holder !== undefined && holder !== self && processRuns(holder))
        throw await heldBy(device, holder, lock);
      if (holder === self) throw new PortError("busy", `${device}: this gateway has the port open already`);
      await unlink(lock).catch(() => undefined);
    }
    return nothing;
  } finally {
    await unlink(draft).catch(() => undefined);
  }
}

async function linked(draft: string, lock: string): Promise<boolean> {
  try {
    await link(draft, lock);
    return true;
  } catch {
    return false;
  }
}

/** The process number in a lock file; undefined when there is none to be found. */
async function holderOf(lock: string): Promise<number | undefined> {
  const bytes = await readFile(lock).catch(() => undefined);
  if (bytes === undefined) return undefined;
  // Old programs write the number as four binary octets.
  if (bytes.length === 4 && !/^[\s\d]+$/.test(bytes.toString("latin1"))) return bytes.readInt32LE();
  const pid = Number.parseInt(bytes.toString("latin1").trim(), 10);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

async function heldBy(device: string, pid: number, lock: string): Promise<PortError> {
  const who = `${await holderName(pid)} (process ${pid})`;
  return new PortError("busy", `${device}: ${who} holds the lock ${lock}; stop it, or give it another port`);
}

async function giveBack(lock: string, self: number): Promise<void> {
  if ((await holderOf(lock)) === self) await unlink(lock).catch(() => undefined);
}
