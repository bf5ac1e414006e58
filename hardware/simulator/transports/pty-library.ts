/** Pseudo-terminals without a native build. */
import type { ReadStream } from "node:tty";

/** What `@lydell/node-pty` gives beside its declared types: a pty without a child. */
export interface PtyLibrary {
  open(options: { encoding: null }): { master: ReadStream; slave: ReadStream; fd: number; ptsName: string };
}

export async function ptyLibrary(): Promise<PtyLibrary> {
  return (await import("@lydell/node-pty")) as unknown as PtyLibrary;
}
