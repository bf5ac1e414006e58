/** From a parsed request to a message that can be accepted, or to the problem that stands in its way. */
import type { NewMessage } from "#gateway/messages/types.ts";
import type { Clock } from "#shared/clock.ts";
import type { ParsedSendMessage, Preview } from "#shared/gateway-api.ts";
import { type FieldError, type Problem, problem } from "#shared/problems.ts";
import { SmsTextError, segmentText } from "#shared/sms-text.ts";
import { type Recipients, recipientProblem } from "./recipients.ts";

/** A message may wait this long for its first moment; more is a mistake in the year. */
const AHEAD_MS_MAX = 366 * 24 * 3_600_000;

/** @throws Problem naming the field; `pointer` leads to the message within the body. */
export function composeMessage(
  wanted: ParsedSendMessage,
  pointer: string,
  recipients: Recipients,
  clock: Clock,
): NewMessage {
  const recipient = recipients.judge(wanted.to);
  if (!recipient.ok) throw recipientProblem(recipient, `${pointer}/to`);
  const { notBefore, notAfter } = schedule(wanted, pointer, clock);
  const message: { -readonly [K in keyof NewMessage]: NewMessage[K] } = {
    to: recipient.to,
    text: wanted.text,
    priority: wanted.priority,
    report: wanted.report,
    transliterate: wanted.transliterate,
    onUnknown: wanted.onUnknown,
  };
  if (notBefore !== undefined) message.notBefore = notBefore;
  if (notAfter !== undefined) message.notAfter = notAfter;
  if (wanted.validitySeconds !== undefined) message.validitySeconds = wanted.validitySeconds;
  if (wanted.class !== undefined) message.class = wanted.class;
  if (wanted.sim !== undefined) message.sim = wanted.sim;
  if (wanted.evidence !== undefined) message.evidence = wanted.evidence;
  if (wanted.reference !== undefined) message.reference = wanted.reference;
  if (wanted.metadata !== undefined) message.metadata = wanted.metadata;
  return message;
}

function schedule(
  wanted: ParsedSendMessage,
  pointer: string,
  clock: Clock,
): { notBefore?: number; notAfter?: number } {
  if (wanted.notBefore === undefined && wanted.notAfter === undefined) return {};
  const now = clock.now();
  const notBefore = wanted.notBefore === undefined ? undefined : Date.parse(wanted.notBefore);
  const notAfter = wanted.notAfter === undefined ? undefined : Date.parse(wanted.notAfter);
  if (notBefore !== undefined && notBefore > now + AHEAD_MS_MAX)
    throw scheduleProblem(`${pointer}/notBefore`, "It lies more than a year ahead.");
  if (notAfter !== undefined && notAfter <= now)
    throw scheduleProblem(`${pointer}/notAfter`, "It lies in the past.");
  if (notAfter !== undefined && notBefore !== undefined && notAfter <= notBefore)
    throw scheduleProblem(`${pointer}/notAfter`, "It does not lie after notBefore.");
  return {
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(notAfter === undefined ? {} : { notAfter }),
  };
}

function scheduleProblem(pointer: string, detail: string): Problem {
  return problem("schedule_invalid", { errors: [{ pointer, detail }] });
}

/** How a text would be sent. @throws Problem `text_invalid` */
export function previewText(text: string, transliterate: boolean, pointer: string): Preview {
  try {
    const split = segmentText(text, { transliterate });
    return {
      text: split.text,
      alphabet: split.alphabet,
      units: split.units,
      unitsPerSegment: split.unitsPerSegment,
      segments: split.segments.map((segment) => ({ text: segment.text, units: segment.units })),
      forcingUcs2: split.forcingUcs2.map((one) => ({ ...one })),
      replacements: split.replacements.map((one) => ({ ...one })),
    };
  } catch (error) {
    throw asTextProblem(error, [{ text, transliterate, pointer }]);
  }
}

/**
 * A text that could not be split, as a problem that names its field. The store splits all texts of a
 * request and says that one of them does not fit; which one is found here, on the way out only.
 */
export function asTextProblem(
  error: unknown,
  texts: readonly { readonly text: string; readonly transliterate: boolean; readonly pointer: string }[],
): unknown {
  if (!(error instanceof SmsTextError)) return error;
  const errors: FieldError[] = texts.flatMap(({ text, transliterate, pointer }) => {
    const failure = failureOf(text, transliterate);
    return failure === undefined ? [] : [{ pointer: `${pointer}/text`, detail: failure }];
  });
  return problem("text_invalid", { detail: error.message, errors, cause: error });
}

function failureOf(text: string, transliterate: boolean): string | undefined {
  try {
    segmentText(text, { transliterate });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
