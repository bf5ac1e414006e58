/** AT+CMGS, +CMSS, +CMGW, +CMGC, +CMMS: messages on their way out (27.005 3.5 and 4). */
import { type Answer, cms, info, type Later, OK, type Reply } from "#hardware/simulator/modem/answers.ts";
import { numberIn, valuesOf } from "#hardware/simulator/modem/command-line.ts";
import { refusal } from "#hardware/simulator/modem/refusal.ts";
import { strike } from "#hardware/simulator/modem/strike.ts";
import { encodeTextSubmit } from "#hardware/simulator/modem/text-mode.ts";
import type { VirtualModem } from "#hardware/simulator/modem/virtual-modem.ts";
import { textOfSubmit } from "#hardware/simulator/network/codec.ts";
import { addressHex } from "#hardware/simulator/network/mobile-terminated.ts";
import { octetAt } from "#hardware/simulator/network/octets.ts";
import { parseSubmit, type SubmitPdu, withReference } from "#hardware/simulator/network/submit-pdu.ts";
import { type MessageStatus, STATUS } from "#hardware/simulator/sim/message-store.ts";
import type { CommandTable } from "./types.ts";

/** Octets of a TPDU: the shortest SUBMIT has 7, the longest 164 (23.040 9.2.2.2). */
const TPDU_MIN = 7;
const TPDU_MAX = 176;
/** Characters of a prompt body that are kept; a longer one is refused anyway. */
const BODY_MAX = 2 * (12 + TPDU_MAX);
const TEXT_BODY_MAX = 1_024;
/** AT+CMMS=1 keeps the link for 1 to 5 seconds after an answer (27.005 3.5.6). */
const LINK_KEPT_MS = 1_000;

const NOT_ALLOWED = 302;
const INVALID_PDU = 304;
const INVALID_TEXT = 305;
const PIN2_REQUIRED = 317;
const INVALID_INDEX = 321;
const MEMORY_FULL = 322;
const SERVICE_CENTRE_UNKNOWN = 330;
const NO_NETWORK_SERVICE = 331;
const NETWORK_TIMEOUT = 332;

export const sendCommands: CommandTable = {
  "+CMGS": {
    needs: "network",
    test: () => OK,
    set: (modem, value) => ask(modem, value, (submit) => transmit(modem, submit, "+CMGS")),
  },
  "+CMSS": { needs: "network", test: () => OK, set: sendStored },
  "+CMGW": { needs: "sms", test: () => OK, set: askToStore },
  "+CMGC": { needs: "network", test: () => OK, set: askCommand },
  "+CMMS": {
    needs: "sms",
    test: () => info("+CMMS: (0-2)"),
    read: (modem) => info(`+CMMS: ${modem.settings.keepLink}`),
    set: (modem, value) => {
      const level = numberIn(value, 0, 2);
      if (level === undefined) return cms(INVALID_PDU);
      modem.settings.keepLink = level;
      return OK;
    },
  },
};

/** The prompt; PDU mode wants the length of the TPDU, text mode the number. */
function ask(modem: VirtualModem, value: string, act: (submit: SubmitPdu) => Answer): Answer {
  if (modem.settings.textMode) {
    const [to = ""] = valuesOf(value);
    return {
      prompt: {
        bodyMax: TEXT_BODY_MAX,
        body: (body) => {
          const encoded = encodeTextSubmit(to, body, modem.settings);
          const submit = encoded && parseSubmit(encoded.hex, encoded.tpduLength);
          return submit ? act(submit) : cms(INVALID_TEXT);
        },
      },
    };
  }
  const length = numberIn(value.trim(), TPDU_MIN, TPDU_MAX);
  if (length === undefined) return cms(INVALID_PDU);
  return {
    prompt: {
      bodyMax: BODY_MAX,
      body: (body) => {
        const submit = parseSubmit(hexOf(body), length);
        return submit ? act(submit) : cms(INVALID_PDU);
      },
    },
  };
}

function hexOf(body: string): string {
  return /\s/.test(body) ? body.replace(/\s+/g, "") : body;
}

/** From Ctrl-Z to the answer. */
function transmit(
  modem: VirtualModem,
  submit: SubmitPdu,
  command: "+CMGS" | "+CMSS",
  sent: () => void = () => undefined,
): Answer {
  const { sim, settings, faults, clock } = modem;
  if (sim === undefined || !modem.served) return cms(NO_NETWORK_SERVICE);
  const unfit = quirkRefusal(modem);
  if (unfit !== undefined) return cms(unfit);
  if (submit.serviceCentre === undefined && sim.serviceCentre === "") return cms(SERVICE_CENTRE_UNKNOWN);
  const recipient = (submit.destination.ton === 1 ? "+" : "") + submit.destination.digits;
  if (!sim.mayDial(recipient)) return cms(modem.profile.dialogue.fixedDiallingCode ?? PIN2_REQUIRED);
  const messageReference = modem.reference.next();
  const content = (): string | undefined => textOfSubmit(submit.tpdu);
  const occasion = { modem: modem.name, command, recipient, content };
  const fault = faults.active ? faults.take("submit", occasion) : undefined;
  if (fault && strike(modem, fault)) return { lines: [], final: "silent" };
  if (fault?.kind === "refuse") return { ...refusal(fault, modem.random), recipient };
  const timeout = modem.profile.dialogue.networkTimeoutCode ?? NETWORK_TIMEOUT;
  if (fault?.kind === "network-timeout") {
    return {
      later: (done) => ({ abort: clock.timer(fault.ms, () => done({ ...cms(timeout), recipient })) }),
    };
  }
  const linked = settings.keepLink > 0 && clock.monotonic() - modem.lastSubmitAt < LINK_KEPT_MS;
  const onAir = { ...submit, tpdu: withReference(submit.tpdu, messageReference) };
  const order = {
    sim,
    modem: modem.name,
    submit: onAir,
    messageReference,
    recipient,
    linked,
    latency: modem.latency,
    content,
  };
  const { losses } = modem.power;
  return later(modem, (done) => {
    let error: number | undefined;
    const abort = modem.network.submit(order, {
      accepted: () => {
        const late = faults.active ? faults.take("accepted", occasion) : undefined;
        if (late?.kind === "accept-but-error") error = late.cms ?? timeout;
        else if (late) strike(modem, late);
      },
      done: (result) => {
        const code = error ?? (result.kind === "refused" ? result.cms : undefined);
        // What lies in a memory counts as sent when the RP-ACK has reached the modem, and not before.
        if (code === undefined && losses === modem.power.losses) sent();
        const reply = code === undefined ? submitted(modem, command, messageReference) : cms(code);
        done({ ...reply, recipient });
      },
    });
    return { abort };
  });
}

/** Families that will not send for a reason of their own. */
function quirkRefusal({ profile, settings, memories, defaultsRestored }: VirtualModem): number | undefined {
  const { quirks } = profile;
  if (quirks === undefined) return undefined;
  if (quirks.submitsAfterDefaults && !defaultsRestored) return NOT_ALLOWED;
  const arriving = settings.storages[2];
  const isFull = memories.used(arriving) >= memories.total(arriving);
  return quirks.submitNeedsRoom && isFull ? MEMORY_FULL : undefined;
}

function later(modem: VirtualModem, start: (done: (reply: Reply) => void) => { abort: () => void }): Later {
  return {
    later: (done) =>
      start((reply) => {
        modem.lastSubmitAt = modem.clock.monotonic();
        if (modem.settings.keepLink === 1) modem.settings.keepLink = 0;
        done(reply);
      }),
  };
}

function submitted(modem: VirtualModem, command: string, messageReference: number): Reply {
  const { dialogue } = modem.profile;
  const withTime = dialogue.submitTimestamp && modem.settings.service > 0;
  // SUBMIT-REPORT of an RP-ACK: TP-MTI 01, TP-PI 0, TP-SCTS (23.040 9.2.2.2a).
  const report = withTime ? `,0100${modem.network.timestamp(modem.clock.now())}` : "";
  return info(`${command}: ${messageReference}${report}`);
}

/** AT+CMSS=<index>[,<da>[,<toda>]]. */
function sendStored(modem: VirtualModem, value: string): Answer {
  const [indexText, to] = valuesOf(value);
  const index = numberIn(indexText, 0, 65_535);
  const place = index === undefined ? undefined : modem.memories.find(modem.settings.storages[1], index);
  if (place === undefined || place.message.status < STATUS.unsent) return cms(INVALID_INDEX);
  const stored = parseSubmit(place.message.pduHex, place.message.tpduLength);
  const submit = stored && (to === undefined || to === "" ? stored : readdressed(stored, to));
  if (submit === undefined) return cms(INVALID_PDU);
  return transmit(modem, submit, "+CMSS", () => {
    place.message.status = STATUS.sent;
  });
}

function readdressed(submit: SubmitPdu, to: string): SubmitPdu | undefined {
  if (!/^\+?[0-9*#]{1,20}$/.test(to)) return undefined;
  const hex = addressHex(to);
  const tpdu = submit.tpdu.slice(0, 4) + hex + submit.tpdu.slice(4 + submit.destination.hex.length);
  const ton = to.startsWith("+") ? 1 : 0;
  return { ...submit, tpdu, destination: { ton, digits: to.replace("+", ""), hex } };
}

/** AT+CMGW=<length>[,<stat>]; without `stat` the entry is "stored unsent". */
function askToStore(modem: VirtualModem, value: string): Answer {
  if (modem.settings.textMode) return ask(modem, value, (submit) => storeSubmit(modem, submit));
  const [lengthText, statText] = valuesOf(value);
  const length = numberIn(lengthText, TPDU_MIN, TPDU_MAX);
  const status = statText === undefined ? STATUS.unsent : numberIn(statText, 0, 3);
  if (length === undefined || status === undefined) return cms(INVALID_PDU);
  const body = (text: string): Answer => {
    const pduHex = hexOf(text).toUpperCase();
    if (pduHex.length !== 2 + 2 * octetAt(pduHex, 0) + 2 * length) return cms(INVALID_PDU);
    return keep(modem, { status: status as MessageStatus, pduHex, tpduLength: length });
  };
  return { prompt: { bodyMax: BODY_MAX, body } };
}

function storeSubmit(modem: VirtualModem, submit: SubmitPdu): Answer {
  const tpduLength = submit.tpdu.length / 2;
  return keep(modem, { status: STATUS.unsent, pduHex: `00${submit.tpdu}`, tpduLength });
}

function keep(modem: VirtualModem, message: Parameters<VirtualModem["memories"]["add"]>[1]): Reply {
  const index = modem.memories.add(modem.settings.storages[1], message);
  return index === undefined ? cms(MEMORY_FULL) : info(`+CMGW: ${index}`);
}

/** AT+CMGC: a COMMAND (23.040 9.2.2.4). The service centre takes it; the ledger holds SUBMITs only. */
function askCommand(modem: VirtualModem, value: string): Answer {
  const length = numberIn(value.trim(), TPDU_MIN, TPDU_MAX);
  if (length === undefined) return cms(INVALID_PDU);
  const body = (text: string): Answer => {
    const hex = hexOf(text);
    const start = 2 + 2 * octetAt(hex, 0);
    const isCommand = hex.length === start + 2 * length && (octetAt(hex, start) & 3) === 2;
    if (!isCommand || modem.sim === undefined) return cms(INVALID_PDU);
    return info(`+CMGC: ${modem.reference.next()}`);
  };
  return { prompt: { bodyMax: BODY_MAX, body } };
}
