/**
 * What must never reach a log: whole phone numbers, keys, secrets, PDUs, message texts. Field names
 * are judged when an entry is made; what hides inside sentences is judged on the finished line.
 */

/** Subscriber digits that stay hidden at least, and those shown at the end. */
const HIDDEN_DIGITS_MIN = 3;
const SHOWN_LAST = 4;
const SHOWN_FIRST_MAX = 5;
/** Up to here it is a short code, which belongs to a service and not to a person. */
const SHORT_CODE_DIGITS_MAX = 6;
const DEPTH_MAX = 6;
const LIST_MAX = 50;

/** `+491701234567` becomes `+49170***4567`; at least three digits are always hidden. */
export function maskNumber(number: string): string {
  const plus = number.startsWith("+") ? "+" : "";
  const digits = number.replace(/\D/g, "");
  if (digits.length <= SHORT_CODE_DIGITS_MAX)
    return number.length <= SHORT_CODE_DIGITS_MAX + 1 ? number : "***";
  const first = Math.max(0, Math.min(SHOWN_FIRST_MAX, digits.length - SHOWN_LAST - HIDDEN_DIGITS_MIN));
  return `${plus}${digits.slice(0, first)}***${digits.slice(-SHOWN_LAST)}`;
}

/** Fields whose value is a secret or a text, whatever the letter case and however deep they lie. */
const SECRET_FIELD =
  /^(text|body|payload|metadata|pdu|pduhex|hex|userdata|pin|puk|key|apikey|api_key|secret|secrets|password|token|authorization|cookie|idempotency-?key)$/i;
/** Fields that hold a subscriber's number, so that even a short or oddly written one is masked. */
const NUMBER_FIELD = /^(to|from|number|recipient|sender|destination|msisdn|phone|debtorphone)$/i;

/** A copy of `value` that is fit for a log entry. Errors keep their type, message, code and stack. */
export function maskFields(value: unknown, depth = 0): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Error) return maskError(value, depth);
  if (depth >= DEPTH_MAX) return "[deeper]";
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} octets]`;
  if (Array.isArray(value)) return value.slice(0, LIST_MAX).map((item) => maskFields(item, depth + 1));
  const masked: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) masked[maskName(name)] = maskField(name, field, depth);
  return masked;
}

/** A table by numbers has them as names. */
function maskName(name: string): string {
  return /\d{7}/.test(name) ? maskText(name) : name;
}

function maskField(name: string, value: unknown, depth: number): unknown {
  if (value === undefined || value === null || typeof value === "boolean") return value;
  if (SECRET_FIELD.test(name)) return "[hidden]";
  if (NUMBER_FIELD.test(name) && (typeof value === "string" || typeof value === "number"))
    return maskNumber(String(value));
  return maskFields(value, depth + 1);
}

function maskError(error: Error, depth: number): Record<string, unknown> {
  const code = (error as { code?: unknown }).code;
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === "string" || typeof code === "number" ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(error.cause === undefined || depth >= DEPTH_MAX ? {} : { cause: maskFields(error.cause, depth + 1) }),
  };
}

/** `+49 (170) 123-4567` and the like: a plus, then seven digits or more with separators between. */
const INTERNATIONAL = /\+\d(?:[ ()./-]{0,2}\d){6,17}/g;
/** A run of eight digits or more that is no part of an identifier or of a decimal fraction. */
const DIGITS = /(?<![0-9A-Za-z_]|\d\.)\d{8,20}(?![0-9A-Za-z_])/g;
const HEX = /(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{2}){16,}(?![0-9A-Za-z])/g;
const API_KEY = /\b([a-z]{2,12}_[0-9A-Za-z]{4})[0-9A-Za-z]{45}\b/g;
const WEBHOOK_SECRET = /\bwhsec_[0-9A-Za-z+/=]{8,}/g;
/** A whole number this large may be a telephone number; counts and durations are smaller. */
const SUSPICIOUS_NUMBER_MIN = 1e9;

/** Hides numbers, keys, secrets and PDUs inside a sentence. */
export function maskText(text: string): string {
  return text
    .replace(API_KEY, "$1***")
    .replace(WEBHOOK_SECRET, "whsec_***")
    .replace(HEX, (run) => `<${run.length / 2} octets>`)
    .replace(INTERNATIONAL, maskNumber)
    .replace(DIGITS, maskNumber);
}

/** The last step before a line of JSON is written: every text and number in it, whatever its name. */
export function maskLine(line: string): string {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    return maskText(line);
  }
  return `${JSON.stringify(entry, (_, value: unknown) => maskLeaf(value))}\n`;
}

function maskLeaf(value: unknown): unknown {
  if (typeof value === "string") return maskText(value);
  if (typeof value === "number" && Math.abs(value) >= SUSPICIOUS_NUMBER_MIN) return maskNumber(String(value));
  return value;
}
