/** The wall clocks of the world, read by the platform alone. */

export interface Wall {
  /** ISO date. */
  readonly date: string;
  readonly minute: number;
  /** 0 is Sunday. */
  readonly weekday: number;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

export function wallAt(at: number, zone: string): Wall {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    const parts = {
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
    } as const;
    clock = new Intl.DateTimeFormat("en-CA", { timeZone: zone, hourCycle: "h23", ...parts });
    clocks.set(zone, clock);
  }
  const part = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  const date = `${part.year}-${part.month}-${part.day}`;
  return {
    date,
    minute: Number(part.hour) * 60 + Number(part.minute),
    weekday: new Date(`${date}T00:00Z`).getUTCDay(),
  };
}

/** Days from one ISO date to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
}
