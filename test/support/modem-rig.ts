/** A modem under test with a simulated clock, and what it told us. */
import { createModem } from "#hardware/modem/modem.ts";
import type { ModemSettings } from "#hardware/modem/settings.ts";
import type {
  Modem,
  ModemEvents,
  ModemState,
  ModemStatus,
  PinMemory,
  ReceivedPdu,
  SubmitOutcome,
} from "#hardware/modem/types.ts";
import type { OpenPort } from "#hardware/port/port.ts";
import { silentLogger } from "#shared/logger.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";

export interface ModemRig {
  readonly clock: SimulatedClock;
  readonly modem: Modem;
  readonly statuses: ModemStatus[];
  readonly delivered: ReceivedPdu[];
  readonly reports: ReceivedPdu[];
  readonly late: SubmitOutcome[];
  readonly pinTries: string[];
  /** Moves time on, timer by timer, until the modem is in the state. @throws after `withinMs` */
  until(state: ModemState, withinMs?: number): Promise<void>;
}

export interface RigOptions {
  readonly settings?: ModemSettings;
  readonly clock?: SimulatedClock;
  readonly pinMemory?: PinMemory;
  readonly events?: Partial<ModemEvents>;
}

export function modemRig(open: OpenPort, options: RigOptions = {}): ModemRig {
  const clock = options.clock ?? new SimulatedClock();
  const statuses: ModemStatus[] = [];
  const delivered: ReceivedPdu[] = [];
  const reports: ReceivedPdu[] = [];
  const late: SubmitOutcome[] = [];
  const pinTries: string[] = [];
  const modem = createModem({
    name: "m1",
    open,
    clock,
    log: silentLogger,
    events: {
      status: (status) => statuses.push(status),
      deliver: async (pdu) => void delivered.push(pdu),
      report: async (pdu) => void reports.push(pdu),
      late: (outcome) => void late.push(outcome),
      ...options.events,
    },
    pinMemory: options.pinMemory ?? rememberingPins(pinTries),
    settings: options.settings ?? {},
  });
  return {
    clock,
    modem,
    statuses,
    delivered,
    reports,
    late,
    pinTries,
    until: (state, withinMs = 120_000) =>
      advanceUntil(
        clock,
        () => modem.status.state === state,
        withinMs,
        () => {
          return `the modem is ${modem.status.state} (${modem.status.detail}), not ${state}`;
        },
      ),
  };
}

/** Lets time pass from timer to timer until `fact` holds. */
export async function advanceUntil(
  clock: SimulatedClock,
  fact: () => boolean,
  withinMs: number,
  complaint: () => string,
): Promise<void> {
  const deadline = clock.monotonic() + withinMs;
  await clock.advance(0);
  while (!fact()) {
    const next = clock.nextTimerMs();
    if (next === undefined || clock.monotonic() + next > deadline) throw new Error(complaint());
    await clock.advance(next);
  }
}

export function rememberingPins(tries: string[]): PinMemory {
  return {
    wasTried: async (iccid, pin) => tries.includes(`${iccid} ${pin}`),
    recordTry: async (iccid, pin) => void tries.push(`${iccid} ${pin}`),
    forgetTry: async (iccid, pin) => void tries.splice(tries.indexOf(`${iccid} ${pin}`), 1),
  };
}
