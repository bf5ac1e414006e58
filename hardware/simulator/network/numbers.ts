/** One spelling for each subscriber: international digits without `+`, short codes as dialled. */

export interface NumberPlan {
  /** Country calling code of the network, e.g. `49`. */
  readonly countryCode: string;
}

const SHORT_CODE_DIGITS_MAX = 6;

/** `ton` 1 or a leading `+` or `00` is international; a leading `0` is national (ITU-T E.164). */
export function subscriberKey(number: string, plan: NumberPlan, ton = 0): string {
  if (number.startsWith("+")) return number.slice(1);
  if (ton === 1) return number;
  if (number.startsWith("00")) return number.slice(2);
  if (number.startsWith("0") && number.length > SHORT_CODE_DIGITS_MAX)
    return plan.countryCode + number.slice(1);
  return ton === 2 ? plan.countryCode + number : number;
}
