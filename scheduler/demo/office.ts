/** The people of the demo's office: they look at what waits for a yes, over HTTP as a program would. */
import type { Clock } from "#shared/clock.ts";
import { call } from "./calls.ts";

const HOUR_MS = 3_600_000;
/** Hours of UTC in which somebody is there. */
const OPEN = { from: 8, until: 16 } as const;
/** A page of tasks; what is beyond waits for the next hour. */
const TASKS_AT_A_TIME = 100;

/** Approves the final notices that wait, once an hour while the office is open. */
export function createOffice(address: string, key: string, clock: Clock): () => Promise<void> {
  let lookedAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = clock.now();
    const hour = new Date(now).getUTCHours();
    if (now - lookedAt < HOUR_MS || hour < OPEN.from || hour >= OPEN.until) return;
    lookedAt = now;
    const query = `kind=approve-message&limit=${TASKS_AT_A_TIME}`;
    const { items } = (await call(`${address}/v1/tasks?${query}`, "GET", undefined, key)) as {
      items: readonly { readonly case?: string }[];
    };
    // Paid in this moment: nothing waits any more, and that is as good.
    for (const { case: code } of items)
      if (code !== undefined)
        await call(`${address}/v1/cases/${code}/approve`, "POST", undefined, key).catch(() => undefined);
  };
}
