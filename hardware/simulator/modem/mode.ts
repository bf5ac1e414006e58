/** What an AT port is doing. */
import type { FaultAction } from "#hardware/simulator/faults/actions.ts";
import type { Prompt } from "./answers.ts";
import type { Call } from "./command-line.ts";

/** A command line that has begun. */
export interface Run {
  readonly calls: readonly Call[];
  next: number;
  /** Information lines of the commands that are done. */
  readonly lines: string[];
}

export type Mode =
  | { readonly kind: "command" }
  | {
      readonly kind: "prompt";
      readonly run: Run;
      readonly prompt: Prompt["prompt"];
      body: string;
      /** What a fault does to the body. */
      damage: FaultAction | undefined;
    }
  | { readonly kind: "busy"; readonly abort: () => void; readonly abortable: boolean };

export type PromptMode = Extract<Mode, { kind: "prompt" }>;
export type BusyMode = Extract<Mode, { kind: "busy" }>;

export const COMMAND: Mode = { kind: "command" };

export const CTRL_Z = "\x1a";
export const ESC = "\x1b";

/** Where Ctrl-Z or ESC ends a body; -1 while neither has come. */
export function endOfBody(text: string): number {
  const submit = text.indexOf(CTRL_Z);
  const cancel = text.indexOf(ESC);
  if (submit < 0) return cancel;
  return cancel < 0 ? submit : Math.min(submit, cancel);
}
