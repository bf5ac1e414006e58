/** A gateway's HTTP side with webhooks and a receiver on loopback, and the few things tests do with them. */
import { expect } from "vitest";
import { type Caller, type Edge, openEdge } from "./edge.ts";
import { openReceiver, type Receiver } from "./receiver.ts";

const LOOPBACK = { webhooks: { allowedNetworks: ["127.0.0.0/8"] }, numbers: { homeCountry: "DE" } };

interface View {
  readonly pending: number;
  readonly enabled: boolean;
  readonly disabledReason?: string;
  readonly lastSuccessAt?: string;
}

export interface HookRig {
  readonly edge: Edge;
  readonly shop: Caller;
  readonly receiver: Receiver;
  hook(fields?: object, caller?: Caller): Promise<{ id: string; secret: string }>;
  message(text?: string): Promise<string>;
  /** Waits until the webhook's own view fits: what was posted is also stored. */
  settled(id: string, fits: (view: View) => boolean, caller?: Caller): Promise<View>;
  /** Moves time on, but never while a post is on the way: that one takes place in real time. */
  pass(ms: number): Promise<void>;
  // biome-ignore lint/suspicious/noExplicitAny: an answer's body is what the test looks at
  deliveries(id: string): Promise<any[]>;
  close(): Promise<void>;
}

export async function openHookRig(): Promise<HookRig> {
  const [edge, receiver] = await Promise.all([openEdge({ settings: LOOPBACK }), openReceiver()]);
  const shop = await edge.caller("messages:write", "messages:read", "webhooks:write", "fleet:read");
  return {
    edge,
    shop,
    receiver,
    async hook(fields = {}, caller = shop) {
      const { status, body } = await caller.call("POST", "/v1/webhooks", { url: receiver.url, ...fields });
      expect(status).toBe(201);
      return body;
    },
    async message(text = "Hello") {
      return (await shop.call("POST", "/v1/messages", { to: "+491701234567", text })).body.id;
    },
    async settled(id, fits, caller = shop) {
      for (;;) {
        const { body } = await caller.call("GET", `/v1/webhooks/${id}`);
        if (fits(body)) return body;
        await nextTurn();
      }
    },
    async pass(ms) {
      const until = edge.clock.now() + ms;
      for (let rest = ms; rest > 0; rest = until - edge.clock.now()) {
        await edge.clock.advance(Math.min(edge.clock.nextTimerMs() ?? rest, rest));
        while (countDue(edge) > 0) await nextTurn();
      }
    },
    deliveries: async (id) => (await shop.call("GET", `/v1/webhooks/${id}/deliveries`)).body.items,
    async close() {
      await edge.close();
      await receiver.close();
    },
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function countDue(edge: Edge): number {
  const row = edge.db.connection
    .prepare(
      `select count(*) as n from webhook_delivery d join webhook w on w.number = d.webhook
       where d.state = 'pending' and d.next_at <= ? and w.enabled = 1`,
    )
    .get(edge.clock.now()) as { n: number };
  return row.n;
}
