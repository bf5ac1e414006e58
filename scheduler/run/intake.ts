/**
 * The gateway's events, from its webhooks and from its list alike. Each is taken once, by its id; what it
 * is about is then read from the gateway, so a lost, late or repeated event does no harm.
 */
import type { Inbox } from "#scheduler/replies/inbox.ts";
import type { Clock } from "#shared/clock.ts";
import type { EventType, GatewayEvent } from "#shared/gateway-api/events.ts";
import { InboundMessage } from "#shared/gateway-api/inbound.ts";
import type { Logger } from "#shared/logger.ts";
import type { Database } from "#shared/sqlite.ts";
import type { Courier } from "./courier.ts";
import type { GatewayClient } from "./gateway-client.ts";
import type { Marks } from "./marks.ts";
import type { Occurrences } from "./occurrences.ts";

/** What the scheduler wants to hear of. */
export const WANTED_EVENTS: readonly EventType[] = [
  "message.accepted",
  "message.submitted",
  "message.delivered",
  "message.undelivered",
  "message.failed",
  "message.expired",
  "message.cancelled",
  "message.unknown",
  "inbound.received",
];

const PAGE = 200;
/** Pages of one poll; the rest comes with the next one. */
const PAGES_MAX = 20;
/** Messages asked about one by one in one reconciliation. */
const OVERDUE_MAX = 100;
/** A message that nobody spoke of for this long is asked about. */
export const OVERDUE_MS = 30 * 60_000;

export interface Intake {
  /** False when it could not be taken now and should come again. */
  take(event: GatewayEvent): Promise<boolean>;
  /** Reads what webhooks did not bring. The number of events that were new. */
  poll(): Promise<number>;
  /** Asks about messages that nothing was heard of. The number asked about. */
  reconcile(): Promise<number>;
}

export interface IntakeDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly gateway: GatewayClient;
  readonly courier: Courier;
  readonly occurrences: Occurrences;
  readonly inbox: Inbox;
  readonly marks: Marks;
  /** Something changed: the loop should look. */
  readonly wake: () => void;
}

export function createIntake(deps: IntakeDeps): Intake {
  return new EventIntake(deps);
}

class EventIntake implements Intake {
  readonly #deps: IntakeDeps;
  readonly #refreshing = new Map<string, Promise<boolean>>();

  constructor(deps: IntakeDeps) {
    this.#deps = deps;
  }

  /** Reads of one message one after the other, so that an older answer never comes after a newer one. */
  #refresh(gatewayId: string): Promise<boolean> {
    const before = this.#refreshing.get(gatewayId) ?? Promise.resolve(true);
    const read = before.then(() => this.#deps.courier.refresh(gatewayId));
    this.#refreshing.set(gatewayId, read);
    const forget = (): void => {
      if (this.#refreshing.get(gatewayId) === read) this.#refreshing.delete(gatewayId);
    };
    read.then(forget, forget);
    return read;
  }

  async #act(event: GatewayEvent): Promise<boolean> {
    if (event.type === "inbound.received") return this.#receive(event);
    if (event.messageId === undefined || !this.#tellsMore(event)) return true;
    return this.#refresh(event.messageId);
  }

  /** The event says that something came; what it was is read from the gateway when the event is short. */
  async #receive(event: GatewayEvent): Promise<boolean> {
    const told = InboundMessage.safeParse(event.data);
    if (told.success) {
      await this.#deps.inbox.receive(told.data);
      return true;
    }
    const { id } = event.data;
    const answer = typeof id === "string" ? await this.#deps.gateway.inbound(id) : undefined;
    if (answer?.kind === "no-answer") return false;
    if (answer?.kind === "ok") await this.#deps.inbox.receive(answer.value);
    else this.#deps.log.error({ event: event.id }, "a received message cannot be read from the gateway");
    return true;
  }

  /**
   * Another system may send through the same gateway and key; and that a message was accepted is news only
   * where the answer to the hand-over got lost.
   */
  #tellsMore(event: GatewayEvent): boolean {
    const { occurrences } = this.#deps;
    const { reference } = event.data;
    const known =
      typeof reference === "string"
        ? occurrences.stateOfKey(reference)
        : occurrences.pendingByGatewayId(event.messageId ?? "");
    if (known === undefined) return false;
    return event.type !== "message.accepted" || known.state === "reserved" || known.state === "cancelled";
  }

  async take(event: GatewayEvent): Promise<boolean> {
    if (this.#deps.db.sql("select 1 from gateway_event where id = ?").get(event.id) !== undefined)
      return true;
    if (!(await this.#act(event))) return false;
    await this.#deps.db.write(() => {
      this.#deps.db
        .sql("insert or ignore into gateway_event (id, at) values (?, ?)")
        .run(event.id, this.#deps.clock.now());
    });
    this.#deps.wake();
    return true;
  }

  async poll(): Promise<number> {
    let taken = 0;
    for (let page = 0; page < PAGES_MAX; page++) {
      const after = this.#deps.marks.number("gateway.cursor") ?? 0;
      const answer = await this.#deps.gateway.events(after, WANTED_EVENTS, PAGE);
      if (answer.kind !== "ok") return taken;
      for (const event of answer.value.items) {
        if (!(await this.take(event))) return taken;
        taken++;
      }
      if (answer.value.nextAfter > after)
        await this.#deps.db.write(() => this.#deps.marks.set("gateway.cursor", answer.value.nextAfter));
      if (answer.value.items.length < PAGE) return taken;
    }
    return taken;
  }

  async reconcile(): Promise<number> {
    const silent = this.#deps.occurrences.overdue(this.#deps.clock.now() - OVERDUE_MS, OVERDUE_MAX);
    for (const { gatewayId } of silent) {
      if (gatewayId !== undefined && !(await this.#refresh(gatewayId))) break;
    }
    return silent.length;
  }
}
