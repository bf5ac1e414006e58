/**
 * Where a debtor's clock may be. The zone that was stated is sure. Otherwise every zone of the address, and
 * of the number's country where that is another one: a window must then be open in all of them, as
 * 12 CFR 1006.6(b)(1)(i) and its commentary ask when the location is ambiguous.
 */
import { COUNTRY_ZONES, SUBDIVISION_ZONES } from "./zone-table.ts";

export interface ZoneCandidates {
  /** The stated zone, or those of the jurisdiction; most certain first and never empty. */
  ofDebtor(debtor: Placed): readonly string[];
  /** The same for one number of the debtor, whose country may be another. */
  ofNumber(debtor: Placed, numberCountry: string | undefined): readonly string[];
}

interface Placed {
  readonly timeZone?: string;
  readonly jurisdiction: string;
}

/** Places remembered; countries times their parts. */
const PLACES_MAX = 10_000;
/** For a territory that ICU knows no zone of (Bouvet Island). */
const NO_PLACE = ["Etc/UTC"] as const;

export function createZoneCandidates(): ZoneCandidates {
  const known = new Map<string, readonly string[]>();
  const remember = (key: string, find: () => readonly string[]): readonly string[] => {
    let zones = known.get(key);
    if (zones === undefined) {
      if (known.size >= PLACES_MAX) known.clear();
      zones = find();
      known.set(key, zones);
    }
    return zones;
  };
  const ofDebtor = (debtor: Placed): readonly string[] =>
    debtor.timeZone === undefined
      ? remember(debtor.jurisdiction, () => zonesOfPlace(debtor.jurisdiction))
      : remember(debtor.timeZone, () => [debtor.timeZone as string]);
  return {
    ofDebtor,
    ofNumber: (debtor, numberCountry) => {
      const own = ofDebtor(debtor);
      if (debtor.timeZone !== undefined || numberCountry === undefined) return own;
      if (debtor.jurisdiction.slice(0, 2) === numberCountry) return own;
      return remember(`${debtor.jurisdiction} ${numberCountry}`, () => [
        ...new Set([...own, ...zonesOfPlace(numberCountry)]),
      ]);
    },
  };
}

function zonesOfPlace(place: string): readonly string[] {
  const [country = "", part] = place.split("-");
  const parts = SUBDIVISION_ZONES[country];
  const ofPart = part === undefined ? undefined : (parts?.[part] ?? parts?.["*"]);
  return ofPart ?? COUNTRY_ZONES[country] ?? onlyZone(country);
}

function onlyZone(country: string): readonly string[] {
  try {
    const zones = new Intl.Locale(`und-${country}`) as { getTimeZones?(): readonly string[] | undefined };
    const first = zones.getTimeZones?.()?.[0];
    return first === undefined ? NO_PLACE : [first];
  } catch {
    return NO_PLACE;
  }
}
