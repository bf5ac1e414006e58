/**
 * Countries that keep more than one time, and the parts of them that keep one. Grouped from the IANA
 * database (tz 2025c, as ICU 78 gives it): zones whose clocks agree from 2026 on stand for each other. The
 * zone of most people is first. Countries that are not here keep one time.
 */

export const COUNTRY_ZONES: Readonly<Record<string, readonly string[]>> = {
  AU: [
    "Australia/Sydney",
    "Australia/Brisbane",
    "Australia/Perth",
    "Australia/Adelaide",
    "Australia/Darwin",
    "Australia/Eucla",
    "Australia/Lord_Howe",
  ],
  BR: ["America/Sao_Paulo", "America/Manaus", "America/Rio_Branco", "America/Noronha"],
  CA: [
    "America/Toronto",
    "America/Vancouver",
    "America/Edmonton",
    "America/Winnipeg",
    "America/Regina",
    "America/Halifax",
    "America/St_Johns",
    "America/Blanc-Sablon",
    "America/Whitehorse",
    "America/Cambridge_Bay",
    "America/Atikokan",
  ],
  CD: ["Africa/Kinshasa", "Africa/Lubumbashi"],
  CL: ["America/Santiago", "America/Punta_Arenas", "Pacific/Easter"],
  CN: ["Asia/Shanghai", "Asia/Urumqi"],
  EC: ["America/Guayaquil", "Pacific/Galapagos"],
  ES: ["Europe/Madrid", "Atlantic/Canary"],
  FM: ["Pacific/Pohnpei", "Pacific/Chuuk"],
  GL: ["America/Nuuk", "America/Danmarkshavn", "America/Thule"],
  ID: ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"],
  KI: ["Pacific/Tarawa", "Pacific/Kanton", "Pacific/Kiritimati"],
  MN: ["Asia/Ulaanbaatar", "Asia/Hovd"],
  MX: [
    "America/Mexico_City",
    "America/Tijuana",
    "America/Cancun",
    "America/Hermosillo",
    "America/Ciudad_Juarez",
    "America/Matamoros",
  ],
  NZ: ["Pacific/Auckland", "Pacific/Chatham"],
  PF: ["Pacific/Tahiti", "Pacific/Marquesas", "Pacific/Gambier"],
  PG: ["Pacific/Port_Moresby", "Pacific/Bougainville"],
  PT: ["Europe/Lisbon", "Atlantic/Azores"],
  RU: [
    "Europe/Moscow",
    "Europe/Samara",
    "Asia/Yekaterinburg",
    "Asia/Omsk",
    "Asia/Novosibirsk",
    "Asia/Irkutsk",
    "Asia/Yakutsk",
    "Asia/Vladivostok",
    "Asia/Magadan",
    "Asia/Kamchatka",
    "Europe/Kaliningrad",
  ],
  UA: ["Europe/Kyiv", "Europe/Simferopol"],
  US: [
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Denver",
    "America/Phoenix",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Adak",
  ],
};

const ET = "America/New_York";
const CT = "America/Chicago";
const MT = "America/Denver";
const PT = "America/Los_Angeles";

function sameZones(subdivisions: string, ...zones: string[]): Record<string, readonly string[]> {
  return Object.fromEntries(subdivisions.split(" ").map((code) => [code, zones]));
}

/** ISO 3166-2 without the country. `*` stands for every part that is not named. */
export const SUBDIVISION_ZONES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  AU: {
    ...sameZones("ACT NSW TAS VIC", "Australia/Sydney"),
    QLD: ["Australia/Brisbane"],
    SA: ["Australia/Adelaide"],
    NT: ["Australia/Darwin"],
    WA: ["Australia/Perth", "Australia/Eucla"],
  },
  BR: {
    ...sameZones("AM MT MS RO RR", "America/Manaus"),
    AC: ["America/Rio_Branco"],
    PE: ["America/Sao_Paulo", "America/Noronha"],
    "*": ["America/Sao_Paulo"],
  },
  CA: {
    ...sameZones("NB NS PE", "America/Halifax"),
    AB: ["America/Edmonton"],
    BC: ["America/Vancouver", "America/Edmonton", "America/Whitehorse"],
    MB: ["America/Winnipeg"],
    NL: ["America/St_Johns", "America/Halifax"],
    NT: ["America/Cambridge_Bay", "America/Edmonton"],
    NU: ["America/Toronto", "America/Winnipeg", "America/Cambridge_Bay", "America/Atikokan"],
    ON: ["America/Toronto", "America/Winnipeg", "America/Atikokan"],
    QC: ["America/Toronto", "America/Blanc-Sablon"],
    SK: ["America/Regina", "America/Edmonton"],
    YT: ["America/Whitehorse"],
  },
  CL: {
    ...sameZones("AI MA", "America/Punta_Arenas"),
    VS: ["America/Santiago", "Pacific/Easter"],
    "*": ["America/Santiago"],
  },
  ES: { ...sameZones("CN GC TF", "Atlantic/Canary"), "*": ["Europe/Madrid"] },
  MX: {
    BCN: ["America/Tijuana"],
    BCS: ["America/Hermosillo"],
    CHH: ["America/Mexico_City", "America/Ciudad_Juarez", "America/Matamoros"],
    COA: ["America/Mexico_City", "America/Matamoros"],
    NAY: ["America/Hermosillo", "America/Mexico_City"],
    NLE: ["America/Mexico_City", "America/Matamoros"],
    ROO: ["America/Cancun"],
    SIN: ["America/Hermosillo"],
    SON: ["America/Hermosillo"],
    TAM: ["America/Mexico_City", "America/Matamoros"],
    "*": ["America/Mexico_City"],
  },
  NZ: { CIT: ["Pacific/Chatham"], "*": ["Pacific/Auckland"] },
  PT: { "20": ["Atlantic/Azores"], "*": ["Europe/Lisbon"] },
  US: {
    ...sameZones("CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV", ET),
    ...sameZones("AL AR IA IL LA MN MO MS OK WI", CT),
    ...sameZones("CO MT NM UT WY", MT),
    ...sameZones("CA NV WA", PT),
    ...sameZones("FL IN KY MI TN", ET, CT),
    ...sameZones("KS ND NE SD TX", CT, MT),
    ...sameZones("ID OR", PT, MT),
    AK: ["America/Anchorage", "America/Adak"],
    AZ: ["America/Phoenix", MT],
    HI: ["Pacific/Honolulu"],
  },
};
