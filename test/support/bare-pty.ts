/** A pseudo-terminal whose far end is in the test's hands: no modem, only bytes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { servePty } from "#hardware/simulator/transports/pty.ts";

export interface BarePty {
  /** What to open. */
  readonly path: string;
  /** Sends to whoever has it open. */
  say(text: string): void;
  /** Resolves when this has come, in all that came since the last call. */
  heard(text: string): Promise<void>;
  unplug(): void;
  close(): Promise<void>;
}

export async function openBarePty(): Promise<BarePty> {
  const folder = mkdtempSync(join(tmpdir(), "dunlin-pty-"));
  let write: (text: string) => void = () => undefined;
  let present = true;
  let announce: (present: boolean) => void = () => undefined;
  let received = "";
  let wake: () => void = () => undefined;
  const served = await servePty(
    {
      name: "bare",
      get present() {
        return present;
      },
      onPresence(listener) {
        announce = listener;
        return () => undefined;
      },
      socket: {
        attach(host) {
          write = (text) => host.write(text);
          return {
            receive(text: string) {
              received += text;
              wake();
            },
            detach: () => undefined,
          };
        },
      },
    },
    join(folder, "pty"),
  );
  return {
    path: join(folder, "pty"),
    say: (text) => write(text),
    async heard(text) {
      while (!received.includes(text)) await new Promise<void>((resolve) => (wake = resolve));
      received = received.slice(received.indexOf(text) + text.length);
    },
    unplug() {
      present = false;
      announce(false);
    },
    async close() {
      await served.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
