/** Steps 12 to 14, 17 and 18: PDU mode, the service centre, who acknowledges, the bearer, the kept link. */
import { readCommand, setCommand, testCommand } from "#hardware/at/command.ts";
import type { Reply } from "#hardware/at/conversation.ts";
import { allows, numberField, parseSets, splitFields } from "#hardware/at/fields.ts";
import { LIMITS } from "#hardware/modem/settings.ts";
import {
  answerText,
  errorCode,
  failureText,
  isSimGone,
  repeat,
  SIM_GONE,
  type StartContext,
  type StartFacts,
  type Trouble,
} from "./context.ts";

/**
 * "Not yet", by all families: 302 not allowed, 314 SIM busy, 500 unknown, 512 and 515 initialising, 517
 * SIM not ready (SIM800), 532 SIM not ready (Cinterion); and the same as +CME.
 */
const NOT_YET = { cms: [302, 314, 500, 512, 515, 517, 532], cme: [14, 515] };

/** The message service comes up after the SIM and the network, by up to half a minute on a SIM800. */
export async function awaitMessageService(context: StartContext): Promise<Trouble | undefined> {
  const reply = await repeat(
    context,
    LIMITS.serviceTries,
    LIMITS.serviceMs,
    () => context.channel.run(readCommand("+CPMS"), { timeoutMs: LIMITS.storageMs }),
    (answer) => !isNotYet(answer),
  );
  if (isSimGone(reply)) return SIM_GONE;
  // Any other refusal is that of a modem without storages to choose, which may send all the same.
  if (!isNotYet(reply)) return undefined;
  return { kind: "unfit", detail: `the message service does not come up (${failureText(reply)})` };
}

function isNotYet(reply: Reply): boolean {
  if (reply.kind !== "error" || reply.error.family === "plain") return false;
  return NOT_YET[reply.error.family].includes(errorCode(reply) ?? -1);
}

export async function choosePduMode(context: StartContext): Promise<Trouble | undefined> {
  const reply = await repeat(
    context,
    LIMITS.pduModeTries,
    LIMITS.serviceMs,
    () => context.channel.run(setCommand("+CMGF", 0)),
    (answer) => answer.kind === "ok",
  );
  if (reply.kind !== "ok") return { kind: "unfit", detail: `no PDU mode (AT+CMGF=0: ${failureText(reply)})` };
  // Names of operators and the service centre come in this character set; texts travel in PDUs.
  const gsm = await context.channel.run(setCommand("+CSCS", "GSM"));
  if (gsm.kind === "error") await context.channel.run(setCommand("+CSCS", "IRA"));
  return undefined;
}

export async function setServiceCentre(context: StartContext, facts: StartFacts): Promise<undefined> {
  const wanted = context.settings.serviceCentre;
  let found = await readServiceCentre(context);
  if (wanted !== undefined && wanted !== found) {
    // Type of address: 145 is international, 129 not known (24.011 8.2.5.1).
    const type = wanted.startsWith("+") ? 145 : 129;
    const reply = await context.channel.run(setCommand("+CSCA", wanted, type));
    if (reply.kind !== "ok")
      context.log.warn({ why: failureText(reply) }, "the service centre was not taken");
    found = await readServiceCentre(context);
  }
  if (found === "")
    context.log.warn({ iccid: facts.sim.iccid }, "the SIM has no service centre; set serviceCentre");
  context.board.know({ serviceCentre: found === "" ? undefined : found });
}

/** `"+4917…",145`; the `+` is left out by some where the type says it. Empty when the SIM has none. */
async function readServiceCentre(context: StartContext): Promise<string> {
  const reply = await repeat(
    context,
    LIMITS.simBusyTries,
    LIMITS.simBusyMs,
    () => context.channel.run(readCommand("+CSCA")),
    (answer) => answer.kind !== "error" || answer.error.code !== 14,
  );
  const line = reply.kind === "ok" ? reply.lines[0] : undefined;
  if (line === undefined) return "";
  const [number = "", type] = splitFields(line.slice(line.indexOf(":") + 1));
  if (!/^\+?\d{3,20}$/.test(number)) return "";
  return type === "145" && !number.startsWith("+") ? `+${number}` : number;
}

/**
 * With AT+CSMS=0 the modem acknowledges to the network by itself. With 1 we would have to, within some
 * fifteen seconds, while a submit that must not be disturbed may take minutes: so 0 it is (27.005 3.2.1).
 */
export async function chooseAcknowledgement(context: StartContext, facts: StartFacts): Promise<undefined> {
  const serviceNow = async (): Promise<number | undefined> => {
    const text = answerText(await context.channel.run(readCommand("+CSMS")));
    return numberField(splitFields(text ?? "")[0]);
  };
  // Huawei and Novatel have something else in the first field; only 1 means what it says.
  if ((await serviceNow()) === 1) {
    await context.channel.run(setCommand("+CSMS", 0));
    facts.mustAcknowledge = (await serviceNow()) === 1;
  } else {
    facts.mustAcknowledge = false;
  }
}

export async function chooseBearer(context: StartContext): Promise<undefined> {
  const { bearer } = context.settings;
  if (bearer === undefined) return;
  const reply = await context.channel.run(setCommand("+CGSMS", bearer));
  if (reply.kind !== "ok") context.log.warn({ bearer, why: failureText(reply) }, "the bearer was not taken");
}

/** AT+CMMS=2 keeps the radio link up between the parts of a long message (27.005 3.5.6). */
export async function findOutAboutLink(context: StartContext, facts: StartFacts): Promise<undefined> {
  facts.canKeepLink = false;
  if (facts.profile.quirks.noMoreMessages) return;
  const text = answerText(await context.channel.run(testCommand("+CMMS")));
  facts.canKeepLink = allows(parseSets(text ?? "")[0], 2);
}
