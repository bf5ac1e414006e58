/** Handlers of a port that keep what they are told, and let a test wait for it. */
import type { PortHandlers } from "#hardware/port/port.ts";

export interface Collected {
  readonly handlers: PortHandlers;
  /** Resolves when this has come, in all that came so far. */
  received(text: string): Promise<void>;
  /** Resolves with the reason when the port is closed. */
  readonly closed: Promise<string>;
  readonly closings: string[];
}

export function collect(): Collected {
  let text = "";
  let wake: () => void = () => undefined;
  const closings: string[] = [];
  const closed = Promise.withResolvers<string>();
  return {
    closings,
    closed: closed.promise,
    handlers: {
      data(bytes) {
        text += Buffer.from(bytes).toString("latin1");
        wake();
      },
      closed(reason) {
        closings.push(reason);
        closed.resolve(reason);
      },
    },
    async received(wanted) {
      while (!text.includes(wanted)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
