/** Why a text cannot be sent as asked. */
export type SmsTextErrorCode = "too-long" | "lone-surrogate" | "not-encodable";

/** `index` counts UTF-16 units from the start of the text, as JavaScript does. */
export class SmsTextError extends Error {
  override name = "SmsTextError";
  readonly code: SmsTextErrorCode;
  readonly index?: number;
  constructor(code: SmsTextErrorCode, message: string, index?: number) {
    super(message);
    this.code = code;
    if (index !== undefined) this.index = index;
  }
}
