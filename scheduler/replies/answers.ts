/**
 * The only texts that leave without a template: the one confirmation of a STOP (47 CFR 64.1200(a)(12)
 * allows exactly one) and the answer to HELP. They name nobody's debt: anybody may hold the phone. A
 * language that is not here gets no answer; its STOP holds all the same.
 *
 * Every word here is spelt with letters of the 7-bit alphabet (3GPP TS 23.038 6.2.1): one "más" or "não"
 * would cost a segment more, or leave misspelt.
 */
export type AnswerKind = "stop-confirmed" | "help";

export interface AnswerParts {
  readonly creditor: string;
  /** How to reach a person, as the creditor wrote it. */
  readonly contact?: string;
}

interface Texts {
  readonly "stop-confirmed": (creditor: string) => string;
  readonly help: (creditor: string, contact: string) => string;
}

const TEXTS: Readonly<Record<string, Texts>> = {
  en: {
    "stop-confirmed": (creditor) => `${creditor}: you will get no more texts at this number.`,
    help: (creditor, contact) =>
      `${creditor}: you can reach us here: ${contact}. Reply STOP to end these texts.`,
  },
  es: {
    "stop-confirmed": (creditor) => `${creditor}: de acuerdo, ya no le enviaremos SMS.`,
    help: (creditor, contact) =>
      `${creditor}: puede hablar con nosotros: ${contact}. Para darse de baja responda BAJA.`,
  },
  de: {
    "stop-confirmed": (creditor) => `${creditor}: An diese Nummer senden wir keine SMS mehr.`,
    help: (creditor, contact) =>
      `${creditor}: So erreichen Sie uns: ${contact}. Zum Abmelden antworten Sie STOPP.`,
  },
  fr: {
    "stop-confirmed": (creditor) => `${creditor} : vous ne recevrez plus de SMS à ce numéro.`,
    help: (creditor, contact) =>
      `${creditor} : pour nous joindre : ${contact}. Pour ne plus recevoir de SMS, répondez STOP.`,
  },
  pt: {
    "stop-confirmed": (creditor) => `${creditor}: de acordo, deixamos de lhe enviar mensagens.`,
    help: (creditor, contact) =>
      `${creditor}: estamos ao seu dispor: ${contact}. Para deixar de receber mensagens, responda PARAR.`,
  },
  nl: {
    "stop-confirmed": (creditor) => `${creditor}: u krijgt van ons geen sms meer op dit nummer.`,
    help: (creditor, contact) =>
      `${creditor}: zo bereikt u ons: ${contact}. Antwoord STOP om u af te melden.`,
  },
  da: {
    "stop-confirmed": (creditor) => `${creditor}: du får ikke flere sms'er på dette nummer.`,
    help: (creditor, contact) => `${creditor}: du kan kontakte os her: ${contact}. Svar STOP for at afmelde.`,
  },
  it: {
    "stop-confirmed": (creditor) => `${creditor}: non riceverà più SMS a questo numero.`,
    help: (creditor, contact) =>
      `${creditor}: ci può contattare qui: ${contact}. Per non ricevere più SMS risponda STOP.`,
  },
};

/** The languages that are answered in. */
export const ANSWER_LANGUAGES: readonly string[] = Object.keys(TEXTS);

/** The text, or undefined when the language has none. @param language BCP 47. */
export function answerText(kind: AnswerKind, language: string, parts: AnswerParts): string | undefined {
  const texts = TEXTS[language.toLowerCase().split("-")[0] ?? ""];
  if (texts === undefined) return undefined;
  if (kind === "stop-confirmed") return texts[kind](parts.creditor);
  // HELP without a way to reach anybody would help nobody.
  return parts.contact === undefined ? undefined : texts[kind](parts.creditor, parts.contact);
}
