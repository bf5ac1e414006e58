/**
 * The request that hands a message over. The window travels with it: the gateway must not submit after
 * `notAfter`, and the network must not deliver after the window's end, so the validity period ends with it.
 */
import type { MessageClass } from "#scheduler/ledger/types.ts";
import type { SendMessage } from "#shared/gateway-api/messages.ts";
import type { GatewayTime } from "./gateway-time.ts";

/** TP-VP cannot say less (3GPP TS 23.040 9.2.3.12.1). */
export const VALIDITY_MIN_MS = 5 * 60_000;
/** Less than this to the last moment for submitting is no time to begin. */
const SLACK_MS = 60_000;
const VALIDITY_MAX_SECONDS = 63 * 7 * 24 * 3_600;

/** Of 0 (bulk) to 9 (urgent): who asked to be left alone hears so before anybody is reminded. */
const PRIORITY: Readonly<Record<MessageClass, number>> = {
  confirmation: 8,
  service: 5,
  promise: 5,
  thanks: 4,
  formal: 4,
  debt: 3,
};

export interface BodyParts {
  readonly key: string;
  readonly to: string;
  readonly text: string;
  readonly class: MessageClass;
  readonly notBefore: number;
  /** The window's end in every zone of the debtor. */
  readonly windowEnd: number;
  /** What is not sent within this is planned anew, with the facts of then. */
  readonly submitWithinMs: number;
  readonly sim?: string;
  readonly transliterate?: boolean;
}

export interface Body {
  /** JSON; a retry repeats it as it stands. */
  readonly json: string;
  /** Our instant after which the gateway gives it up unsent. */
  readonly notAfter: number;
}

/** False when the rest of the window is shorter than the shortest validity period and the way there. */
export function fitsWindow(windowEnd: number, now: number): boolean {
  return now + SLACK_MS < windowEnd - VALIDITY_MIN_MS;
}

export function makeBody(parts: BodyParts, now: number, time: GatewayTime): Body {
  const start = Math.max(now, parts.notBefore);
  const notAfter = Math.min(parts.windowEnd - VALIDITY_MIN_MS, start + parts.submitWithinMs);
  const validityMs = time.toGateway(parts.windowEnd) - time.toGateway(notAfter);
  const validitySeconds = Math.floor(Math.max(validityMs, VALIDITY_MIN_MS) / 1_000);
  const body: SendMessage = {
    to: parts.to,
    text: parts.text,
    ...(parts.notBefore > now ? { notBefore: instant(time.toGateway(parts.notBefore)) } : {}),
    notAfter: instant(time.toGateway(notAfter)),
    validitySeconds: Math.min(validitySeconds, VALIDITY_MAX_SECONDS),
    priority: PRIORITY[parts.class],
    ...(parts.sim === undefined ? {} : { sim: parts.sim }),
    ...(parts.transliterate === true ? { transliterate: true } : {}),
    reference: parts.key,
    metadata: { class: parts.class },
  };
  return { json: JSON.stringify(body), notAfter };
}

export function readBody(json: string): SendMessage {
  return JSON.parse(json) as SendMessage;
}

/** Whether a stored body says this to this number. */
export function saysTheSame(json: string, to: string, text: string): boolean {
  const body = readBody(json);
  return body.to === to && body.text === text;
}

function instant(at: number): string {
  return new Date(at).toISOString();
}
