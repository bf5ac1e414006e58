/**
 * Words a debtor may answer with, by language (BCP 47 primary subtag), already folded: lower case, no
 * accents. "Alone" words are everyday words too ("end of the month"), so they count only when nothing
 * else is said; "first" words count at the beginning, whatever follows; "phrases" count anywhere.
 *
 * Sources: 47 CFR 64.1200(a)(10) (stop, quit, end, revoke, opt out, cancel, unsubscribe), the CTIA
 * handbook (END, QUIT, CANCEL), AWS and Twilio (ARRET, OPTOUT, REMOVE, STOPALL, TD), AEPD and operators'
 * habits for BAJA, Bundesnetzagentur's for STOPP. 12 CFR 1006.14(h)(1) also honours informal wording.
 */
export interface WordList {
  readonly first?: readonly string[];
  readonly alone?: readonly string[];
  readonly phrases?: readonly string[];
}

export type Words = Readonly<Record<string, WordList>>;

/** The list under "*" holds in every language. */
export const STOP_WORDS: Words = {
  "*": {
    first: ["stop", "stopall", "stopp", "unsubscribe", "optout", "arret", "baja", "parar", "stopsms"],
    phrases: ["opt out"],
  },
  en: {
    alone: ["end", "quit", "cancel", "revoke", "remove", "td", "no more"],
    phrases: [
      "stop texting",
      "stop messaging",
      "stop sending",
      "stop contacting",
      "please stop",
      "do not text",
      "dont text",
      "do not contact",
      "dont contact",
      "no more texts",
      "no more messages",
      "leave me alone",
      "remove me",
      "remove my number",
      "unsubscribe me",
    ],
  },
  es: {
    alone: ["cancelar", "fin", "alto", "basta", "no mas"],
    phrases: [
      "no mas mensajes",
      "no mas sms",
      "no me escriban",
      "no me envien",
      "no me manden",
      "dejen de escribir",
      "dejen de enviar",
      "dejen de mandar",
      "darme de baja",
      "dar de baja mi numero",
    ],
  },
  de: {
    alone: ["ende", "abmelden", "abbestellen", "aufhoren", "aus"],
    phrases: [
      "keine sms mehr",
      "keine nachrichten mehr",
      "nicht mehr schreiben",
      "horen sie auf",
      "hort auf",
      "bitte abmelden",
      "lassen sie mich in ruhe",
    ],
  },
  fr: {
    alone: ["fin", "desabonner", "resilier", "annuler"],
    phrases: [
      "plus de sms",
      "plus de messages",
      "plus recevoir",
      "arretez de",
      "cessez de",
      "desabonnez moi",
      "ne me contactez plus",
      "laissez moi tranquille",
    ],
  },
  pt: {
    first: ["pare", "sair"],
    alone: ["cancelar", "fim", "remover", "chega"],
    phrases: [
      "nao quero receber",
      "nao enviem mais",
      "nao me enviem",
      "parem de",
      "pare de enviar",
      "nao mandem mais",
    ],
  },
  nl: { alone: ["einde", "afmelden", "stoppen"], phrases: ["geen sms meer", "geen berichten meer"] },
  da: { first: ["afmeld"], alone: ["slut"], phrases: ["ikke flere beskeder", "ikke flere sms"] },
  it: { alone: ["fine", "cancella", "basta"], phrases: ["non inviate piu", "basta messaggi"] },
};

export const START_WORDS: Words = {
  "*": { alone: ["start", "unstop", "subscribe"] },
  es: { alone: ["alta", "iniciar"] },
  de: { alone: ["anmelden"] },
  fr: { alone: ["reprendre"] },
  pt: { alone: ["iniciar", "voltar"] },
  nl: { alone: ["aanmelden"] },
  da: { alone: ["tilmeld"] },
  it: { alone: ["iscrivimi"] },
};

export const HELP_WORDS: Words = {
  "*": { alone: ["help", "info", "?"] },
  es: { alone: ["ayuda", "informacion", "quien es", "quien eres"] },
  de: { alone: ["hilfe", "wer ist das", "wer sind sie"] },
  fr: { alone: ["aide", "qui est ce", "qui etes vous"] },
  pt: { alone: ["ajuda", "quem e", "informacao"] },
  en: { alone: ["who is this", "who are you"] },
  nl: { alone: ["hulp", "wie is dit", "wie bent u"] },
  da: { alone: ["hjælp", "hvem er det", "hvem er du"] },
  it: { alone: ["aiuto", "chi e", "chi siete"] },
};

/**
 * Somebody else reads this number: no debt detail may follow (CONC 7.9, 12 CFR 1006.6(d)). One word counts
 * only alone, and a phrase only when it speaks of a person or a number: "wrong amount" and "diese Rechnung
 * kenne ich nicht" dispute the debt, and a person reads them.
 */
export const WRONG_PARTY_WORDS: Words = {
  "*": { alone: ["wrong", "equivocado", "falsch"] },
  en: {
    phrases: ["wrong number", "wrong person", "not my name", "dont know this person", "i am not the person"],
  },
  es: {
    alone: ["equivocada"],
    phrases: [
      "numero equivocado",
      "persona equivocada",
      "se equivoca de persona",
      "se equivoca de numero",
      "no soy esa persona",
      "no conozco a",
      "no es mi nombre",
    ],
  },
  de: {
    phrases: [
      "falsche nummer",
      "falsche person",
      "diese person kenne ich nicht",
      "kenne diese person nicht",
      "kenne die person nicht",
      "bin nicht diese person",
    ],
  },
  fr: {
    alone: ["erreur"],
    phrases: [
      "mauvais numero",
      "mauvaise personne",
      "trompez de numero",
      "trompez de personne",
      "je ne suis pas cette personne",
      "erreur de numero",
    ],
  },
  pt: {
    alone: ["engano", "errado"],
    phrases: [
      "numero errado",
      "pessoa errada",
      "engano de numero",
      "nao sou essa pessoa",
      "nao conheco essa pessoa",
      "nao conheco esta pessoa",
    ],
  },
  nl: { phrases: ["verkeerd nummer", "verkeerde nummer", "verkeerde persoon", "ken deze persoon niet"] },
  da: { phrases: ["forkert nummer", "forkert person", "kender ikke denne person"] },
  it: {
    alone: ["sbagliato"],
    phrases: ["numero sbagliato", "sbagliato numero", "persona sbagliata", "non conosco questa persona"],
  },
};
