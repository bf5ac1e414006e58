/**
 * Step 6: the PIN. A wrong one costs a try, and three wrong ones the SIM. So it is tried only when at
 * least two tries are known to be left, and a PIN that was tried on a SIM is never tried on it again
 * unless it opened the SIM: the try is on disk before it is made, and forgotten once it was right.
 */
import { setCommand } from "#hardware/at/command.ts";
import { LIMITS } from "#hardware/modem/settings.ts";
import { errorCode, failureText, type StartContext, type StartFacts, type Trouble } from "./context.ts";
import { cycleRadio } from "./radio.ts";
import { readIccid } from "./sim-identity.ts";
import { readSimState, type SimState } from "./sim-state.ts";

/** With one try left, the next wrong PIN locks the SIM; that risk is a person's to take. */
export const PIN_TRIES_MIN = 2;

export async function unlockSim(context: StartContext, facts: StartFacts): Promise<Trouble | undefined> {
  let state = await readSimState(context);
  if (state.kind === "missing") {
    // Some modems look for the SIM only when their radio is switched on.
    await cycleRadio(context);
    state = await readSimState(context);
  }
  return state.kind === "needs-pin" ? enterPin(context, facts) : troubleOf(state);
}

function troubleOf(state: SimState): Trouble | undefined {
  switch (state.kind) {
    case "ready":
      return undefined;
    case "locked":
    case "missing":
      return { kind: "blocked", detail: state.detail };
    case "needs-pin":
      return { kind: "blocked", detail: "the SIM still asks for its PIN after it was given" };
    case "busy":
      return { kind: "unfit", detail: "the SIM stays busy" };
    case "unclear":
      return { kind: "unfit", detail: `the SIM's state cannot be read (${state.detail})` };
  }
}

async function enterPin(context: StartContext, facts: StartFacts): Promise<Trouble | undefined> {
  const { pin } = context.settings;
  const blocked = (detail: string): Trouble => ({ kind: "blocked", detail });
  if (pin === undefined) return blocked("the SIM asks for a PIN; set `pin` for this modem");
  const key = await pinKey(context, facts);
  if (key === undefined) return blocked("neither SIM nor modem tell who they are, so no PIN is tried");
  if (await context.pinMemory.wasTried(key, pin)) {
    return blocked("this PIN was tried on this SIM before and is not tried again; set the right `pin`");
  }
  const left = await pinTriesLeft(context, facts);
  if (left === undefined)
    return blocked("the modem does not tell how many PIN tries are left; unlock by hand");
  if (left < PIN_TRIES_MIN) return blocked(`only ${left} PIN try is left, so none is made; unlock by hand`);

  await context.pinMemory.recordTry(key, pin);
  const reply = await context.channel.run(setCommand("+CPIN", pin), { timeoutMs: LIMITS.pinMs });
  if (reply.kind === "error") {
    const why = errorCode(reply) === 16 ? "the PIN is wrong" : `the PIN was refused (${failureText(reply)})`;
    return blocked(`${why}; it is not tried again, ${left - 1} tries may be left`);
  }
  await context.clock.sleep(facts.profile.pinSettleMs, context.signal);
  const state = await readSimState(context);
  // An OK, or silence, is no proof; a SIM that is ready now is.
  if (state.kind === "ready") await context.pinMemory.forgetTry(key, pin);
  return troubleOf(state);
}

/** By ICCID. Where it cannot be read before the PIN, the modem stands in: then a new SIM in it needs care. */
async function pinKey(context: StartContext, facts: StartFacts): Promise<string | undefined> {
  const iccid = await readIccid(context, facts.profile);
  if (iccid !== undefined) return iccid;
  if (facts.identity.imei === "") return undefined;
  context.log.warn({}, "the ICCID cannot be read before the PIN; tries are remembered by IMEI");
  return `imei:${facts.identity.imei}`;
}

async function pinTriesLeft(context: StartContext, facts: StartFacts): Promise<number | undefined> {
  for (const query of facts.profile.pinTries) {
    const reply = await context.channel.run(query.command);
    if (reply.kind !== "ok") continue;
    for (const line of reply.lines) {
      const left = query.answer.exec(line)?.groups?.left;
      if (left !== undefined) return Number.parseInt(left, 16);
    }
  }
  return undefined;
}
