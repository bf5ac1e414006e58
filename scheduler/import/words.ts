/** Pure: words of lists in five languages, for what is not a number or a date. */
import { normalise } from "./fields.ts";

const YES = new Set("yes y true 1 x ja j wahr si s verdadero oui o vrai sim verdadeiro".split(" "));
const NO = new Set("no n false 0 nein falsch falso non faux nao".split(" "));

export function parseYesNo(text: string): boolean | undefined {
  const word = normalise(text);
  return YES.has(word) ? true : NO.has(word) ? false : undefined;
}

export type InvoiceStatus = "open" | "paid" | "cancelled" | "disputed";

const STATUS: Readonly<Record<InvoiceStatus, readonly string[]>> = {
  open: [
    ..."open unpaid overdue due sent outstanding partial offen unbezahlt uberfallig fallig versendet".split(
      " ",
    ),
    ..."pendiente vencida vencido abierta impagada impagado enviada".split(" "),
    ..."ouverte ouvert impayee impaye echue envoyee pendente vencida aberta aberto emitida".split(" "),
    "partially paid",
    "part paid",
    "teilweise bezahlt",
    "en retard",
    "em aberto",
  ],
  paid: [
    ..."paid settled closed bezahlt beglichen erledigt pagada pagado cobrada saldada".split(" "),
    ..."payee paye reglee soldee paga pago liquidada quitada".split(" "),
  ],
  cancelled: [
    ..."cancelled canceled void voided deleted storniert annulliert geloscht anulada anulado".split(" "),
    ..."cancelada cancelado annulee annule".split(" "),
  ],
  disputed: [
    ..."disputed dispute contested strittig bestritten reklamiert reklamation disputada disputa".split(" "),
    ..."impugnada reclamada contestee litige contestada reclamacao".split(" "),
    "en disputa",
    "en litige",
    "em disputa",
  ],
};

const STATUS_BY_WORD = new Map(
  (Object.keys(STATUS) as InvoiceStatus[]).flatMap((status) =>
    STATUS[status].map((word) => [word, status] as const),
  ),
);

export function parseStatus(text: string): InvoiceStatus | undefined {
  return STATUS_BY_WORD.get(normalise(text));
}

const BUSINESS = new Set(
  "business company b2b firma unternehmen geschaft empresa entreprise societe professionnel".split(" "),
);
const CONSUMER = new Set(
  "consumer private person b2c individual privat privatperson verbraucher particular consumidor persona particulier pessoa".split(
    " ",
  ),
);

export function parseKind(text: string): "consumer" | "business" | undefined {
  const word = normalise(text);
  return BUSINESS.has(word) ? "business" : CONSUMER.has(word) ? "consumer" : undefined;
}

/** Codes and names of the world's countries, and of languages, as they are called in five languages. */
export interface Names {
  /** "Alemania", "DE" or "DEU" → "DE". */
  country(text: string): string | undefined;
  /** "Deutsch", "alemán", "DE" or "pt_BR" → "de", "pt-BR". */
  language(text: string): string | undefined;
}

/** "UK" and "SU" have names, but stand for another code. */
function isCanonical(code: string): boolean {
  return Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`;
}

const IN_LANGUAGES = ["en", "de", "es", "fr", "pt"] as const;
const LANGUAGE_CODES =
  "en de es fr pt it nl da sv nb fi pl cs sk hu ro bg hr sl et lv lt el tr ru uk ca eu gl ar he hi bn ur zh ja ko".split(
    " ",
  );

export function createNames(): Names {
  const countries = new Map<string, string>();
  const languages = new Map<string, string>();
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  for (const inLanguage of IN_LANGUAGES) {
    const regionName = new Intl.DisplayNames(inLanguage, { type: "region", fallback: "none" });
    const languageName = new Intl.DisplayNames(inLanguage, { type: "language", fallback: "none" });
    for (const first of letters)
      for (const second of letters) {
        const code = first + second;
        const name = isCanonical(code) ? regionName.of(code) : undefined;
        if (name !== undefined) countries.set(normalise(name), code);
      }
    for (const code of LANGUAGE_CODES) {
      const name = languageName.of(code);
      if (name !== undefined) languages.set(normalise(name), code);
    }
  }
  for (const [name, code] of [
    ["uk", "GB"],
    ["usa", "US"],
    ["england", "GB"],
    ["estados unidos", "US"],
    ["eeuu", "US"],
    ["brd", "DE"],
  ] as const)
    countries.set(name, code);
  const codes = new Set(countries.values());
  return {
    country: (text) => {
      const code = text.trim().toUpperCase();
      if (codes.has(code)) return code;
      return countries.get(normalise(text));
    },
    language: (text) => {
      const tag = /^([a-z]{2,3})(?:[-_]([a-z]{2}))?$/i.exec(text.trim());
      if (tag?.[1] !== undefined && LANGUAGE_CODES.includes(tag[1].toLowerCase()))
        return tag[1].toLowerCase() + (tag[2] === undefined ? "" : `-${tag[2].toUpperCase()}`);
      return languages.get(normalise(text));
    },
  };
}
