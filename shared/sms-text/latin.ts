/**
 * The GSM 7-bit default alphabet with its extension table (23.038 6.2.1, 6.2.1.1) and the languages of
 * Latin script (annex A.2.1 to A.2.3, A.3.1 to A.3.3).
 */
import type { LanguageTables } from "./language-tables.ts";

export const defaultAlphabet: LanguageTables = {
  locking: [
    "@£$¥èéùìòÇ\nØø\rÅå",
    "Δ_ΦΓΛΩΠΨΣΘΞ·ÆæßÉ",
    " !\"#¤%&'()*+,-./",
    "0123456789:;<=>?",
    "¡ABCDEFGHIJKLMNO",
    "PQRSTUVWXYZÄÖÑÜ§",
    "¿abcdefghijklmno",
    "pqrstuvwxyzäöñüà",
  ],
  shift: [
    "··········\f·····",
    "····^···········",
    "········{}·····\\",
    "············[~]·",
    "|···············",
    "················",
    "·····€··········",
    "················",
  ],
};

export const turkish: LanguageTables = {
  locking: [
    "@£$¥€éùıòÇ\nĞğ\rÅå",
    "Δ_ΦΓΛΩΠΨΣΘΞ·ŞşßÉ",
    " !\"#¤%&'()*+,-./",
    "0123456789:;<=>?",
    "İABCDEFGHIJKLMNO",
    "PQRSTUVWXYZÄÖÑÜ§",
    "çabcdefghijklmno",
    "pqrstuvwxyzäöñüà",
  ],
  shift: [
    "··········\f·····",
    "····^···········",
    "········{}·····\\",
    "············[~]·",
    "|······Ğ·İ······",
    "···Ş············",
    "···ç·€·ğ·ı······",
    "···ş············",
  ],
};

export const spanish: LanguageTables = {
  shift: [
    "·········ç\f·····",
    "····^···········",
    "········{}·····\\",
    "············[~]·",
    "|Á·······Í·····Ó",
    "·····Ú··········",
    "·á···€···í·····ó",
    "·····ú··········",
  ],
};

export const portuguese: LanguageTables = {
  locking: [
    "@£$¥êéúíóç\nÔô\rÁá",
    "Δ_ªÇÀ∞^\\€Ó|·ÂâÊÉ",
    " !\"#º%&'()*+,-./",
    "0123456789:;<=>?",
    "ÍABCDEFGHIJKLMNO",
    "PQRSTUVWXYZÃÕÚÜ§",
    "~abcdefghijklmno",
    "pqrstuvwxyzãõ`üà",
  ],
  shift: [
    "·····ê···ç\fÔô·Áá",
    "··ΦΓ^ΩΠΨΣΘ·····Ê",
    "········{}·····\\",
    "············[~]·",
    "|À·······Í·····Ó",
    "·····Ú·····ÃÕ···",
    "·Â···€···í·····ó",
    "·····ú·····ãõ··â",
  ],
};
