/**
 * A pty that cannot be opened, as far as a program without rights of its own can bring that about:
 * - `busy`: flock(1) holds it, as another gateway would; a host that has it open keeps it until it closes
 * - `denied`: nobody may open it; root may all the same
 * - `failed`: its link leads to a terminal whose other side is gone, and the kernel says EIO
 */
import { spawn } from "node:child_process";
import { chmodSync, closeSync, constants, openSync, statSync } from "node:fs";
import type { OpenRefusal } from "#hardware/simulator/modem/port-guard.ts";
import type { PtyLibrary } from "./pty-library.ts";

export interface PtyPlace {
  readonly slavePath: string;
  /** Makes the modem's link lead there. */
  readonly link: (target: string) => void;
}

/** Of util-linux, and of busybox in Alpine. */
const FLOCK = "/usr/bin/flock";
/** Longer than any fault lasts. */
const HOLD_SECONDS = 86_400;

/** Returns the function that undoes it. */
export function blockPty(reason: OpenRefusal, place: PtyPlace, library: PtyLibrary): () => void {
  switch (reason) {
    case "busy":
      return hold(place.slavePath);
    case "denied":
      return forbid(place.slavePath);
    case "failed":
      return misdirect(place, library);
  }
}

function hold(path: string): () => void {
  // A group of its own, so that what flock started ends with it.
  const holder = spawn(FLOCK, ["-x", path, "sleep", String(HOLD_SECONDS)], {
    stdio: "ignore",
    detached: true,
  });
  holder.on("error", (error) => process.emitWarning(`the port cannot be held: ${error.message}`));
  holder.unref();
  return () => {
    try {
      if (holder.pid !== undefined) process.kill(-holder.pid);
    } catch {
      // It ended by itself.
    }
  };
}

function forbid(path: string): () => void {
  const { mode } = statSync(path);
  chmodSync(path, 0);
  return () => chmodSync(path, mode);
}

function misdirect({ slavePath, link }: PtyPlace, library: PtyLibrary): () => void {
  const { master, slave, ptsName } = library.open({ encoding: null });
  slave.destroy();
  const fd = openSync(ptsName, constants.O_RDWR | constants.O_NOCTTY);
  master.destroy();
  link(`/proc/${process.pid}/fd/${fd}`);
  return () => {
    link(slavePath);
    closeSync(fd);
  };
}
