/**
 * The only texts that leave without a template: the one confirmation of a STOP (47 CFR 64.1200(a)(12)
 * allows exactly one) and the answer to HELP. They name nobody's debt: anybody may hold the phone. A
 * language that is not here gets no answer; its STOP holds all the same.
 */
export type AnswerKind = "stop-confirmed" | "help";

export interface AnswerParts {
  readonly creditor: string;
  /** How to reach a person, as the creditor wrote it. */
  readonly contact?: string;
}

type Writer = (parts: AnswerParts) => string;

const TEXTS: Readonly<Record<string, Readonly<Record<AnswerKind, Writer>>>> = {
  en: {
    "stop-confirmed": ({ creditor }) => `${creditor}: you will get no more texts at this number.`,
    help: (parts) =>
      `${parts.creditor}: ${reach(parts, "you can reach us at")} Reply STOP for no more texts.`,
  },
  es: {
    "stop-confirmed": ({ creditor }) => `${creditor}: no le enviaremos más mensajes a este número.`,
    help: (parts) =>
      `${parts.creditor}: ${reach(parts, "puede contactarnos en")} Responda BAJA para no recibir más mensajes.`,
  },
  de: {
    "stop-confirmed": ({ creditor }) => `${creditor}: An diese Nummer senden wir keine SMS mehr.`,
    help: (parts) => `${parts.creditor}: ${reach(parts, "Sie erreichen uns unter")} STOPP beendet die SMS.`,
  },
  fr: {
    "stop-confirmed": ({ creditor }) => `${creditor} : vous ne recevrez plus de SMS à ce numéro.`,
    help: (parts) =>
      `${parts.creditor} : ${reach(parts, "contactez-nous au")} STOP pour ne plus recevoir de SMS.`,
  },
  pt: {
    "stop-confirmed": ({ creditor }) => `${creditor}: não enviaremos mais mensagens para este número.`,
    help: (parts) =>
      `${parts.creditor}: ${reach(parts, "pode contactar-nos por")} Responda PARAR para não receber mais mensagens.`,
  },
};

function reach(parts: AnswerParts, words: string): string {
  return parts.contact === undefined ? "" : `${words} ${parts.contact}.`;
}

/** The text, or undefined when the language has none. @param language BCP 47. */
export function answerText(kind: AnswerKind, language: string, parts: AnswerParts): string | undefined {
  const texts = TEXTS[language.toLowerCase().split("-")[0] ?? ""];
  // HELP without a way to reach anybody would help nobody.
  if (texts === undefined || (kind === "help" && parts.contact === undefined)) return undefined;
  return texts[kind](parts);
}
