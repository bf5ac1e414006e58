/** Instants as the API writes them. */
export function iso(at: number): string {
  return new Date(at).toISOString();
}

/** `{ name: "2026-…Z" }`, or nothing when there is no instant. */
export function maybe<K extends string>(name: K, at: number | undefined): { [P in K]?: string } {
  return (at === undefined ? {} : { [name]: iso(at) }) as { [P in K]?: string };
}

/** What 202 says where work takes longer than a caller waits. */
export const UNDER_WAY = "Under way: ask again";
/** As `retry-after` of such an answer. */
export const ASK_AGAIN_SECONDS = "2";
