/** A scripted modem that has come up to some state. */
import type { ModemSettings } from "#hardware/modem/settings.ts";
import type { ModemState, PinMemory } from "#hardware/modem/types.ts";
import { type ModemRig, modemRig } from "#test/support/modem-rig.ts";
import { type Answer, type ScriptedModem, scriptedModem } from "#test/support/scripted-modem.ts";

const SETTLED_WITHIN_S = 300;

export interface Started {
  readonly rig: ModemRig;
  readonly modem: ScriptedModem;
}

export async function start(
  changes: Readonly<Record<string, Answer>>,
  options: { settings?: ModemSettings; until?: ModemState; pinMemory?: PinMemory } = {},
): Promise<Started> {
  const modem = scriptedModem();
  for (const [command, answer] of Object.entries(changes)) modem.answers.set(command, answer);
  const { settings = {}, pinMemory } = options;
  const rig = modemRig(modem.open, { settings, ...(pinMemory === undefined ? {} : { pinMemory }) });
  await rig.until(options.until ?? "ready", 300_000);
  return { rig, modem };
}

/** Answers in turn; the last one stays. */
export function inTurn(...answers: readonly (readonly string[])[]): Answer {
  let turn = 0;
  return () => answers[Math.min(turn++, answers.length - 1)];
}

/** Ready, its first sweep over, with these answers on top, and nothing said yet that a test would count. */
export async function atRest(answers: Readonly<Record<string, Answer>>): Promise<Started> {
  const started = await start({});
  await started.rig.clock.advance(6_000);
  for (const [command, answer] of Object.entries(answers)) started.modem.answers.set(command, answer);
  started.modem.sent.length = 0;
  return started;
}

/** Lets time pass until the promise has settled. */
export async function settled<T>({ clock }: ModemRig, promise: Promise<T>): Promise<T> {
  let done = false;
  const mark = (): void => {
    done = true;
  };
  void promise.then(mark, mark);
  await clock.advance(0);
  for (let seconds = 0; !done && seconds < SETTLED_WITHIN_S; seconds++) await clock.advance(1_000);
  if (!done) throw new Error(`not settled within ${SETTLED_WITHIN_S} s`);
  return promise;
}
