/** Who has a device open, as far as /proc lets this user see (proc(5)). For diagnostics only. */
import { readdir, readFile, readlink } from "node:fs/promises";

/** Looking is bounded, since a host may run very many processes. */
const PROCESSES_MAX = 4_096;
const DESCRIPTORS_MAX = 1_024;

export interface Holder {
  readonly pid: number;
  readonly name: string;
}

/** Other processes that have `device` open. Those of other users are seen by root only. */
export async function findHolders(device: string, self: number = process.pid): Promise<readonly Holder[]> {
  const holders: Holder[] = [];
  for (const pid of await processIds()) {
    if (pid !== self && (await hasOpen(pid, device))) holders.push({ pid, name: await holderName(pid) });
  }
  return holders;
}

export async function isModemManagerRunning(): Promise<boolean> {
  for (const pid of await processIds()) if ((await holderName(pid)) === "ModemManager") return true;
  return false;
}

async function processIds(): Promise<readonly number[]> {
  const names = await readdir("/proc").catch((): string[] => []);
  return names
    .filter((name) => /^\d+$/.test(name))
    .slice(0, PROCESSES_MAX)
    .map(Number);
}

async function hasOpen(pid: number, device: string): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const descriptors = await readdir(folder).catch((): string[] => []);
  for (const descriptor of descriptors.slice(0, DESCRIPTORS_MAX)) {
    if ((await readlink(`${folder}/${descriptor}`).catch(() => "")) === device) return true;
  }
  return false;
}

/** The program's name, or "a program" when it cannot be told. */
export async function holderName(pid: number): Promise<string> {
  const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
  return name.trim() || "a program";
}

/** Signal 0 asks without harm; EPERM means that it runs and belongs to somebody else (kill(2)). */
export function processRuns(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
