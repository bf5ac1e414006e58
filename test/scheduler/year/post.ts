/** What comes back to the scheduler in a simulated year: the gateway's webhooks, as good as they are, and replies. */
import type { GatewayEvent } from "#shared/gateway-api.ts";
import type { Random } from "#shared/random.ts";
import type { Person, Word } from "./book.ts";
import type { YearWorld } from "./world.ts";

export class Post {
  readonly #year: YearWorld;
  readonly #random: Random;
  readonly #unheard = new Map<string, { readonly number: string; readonly word: Word }>();
  #seen = 0;

  constructor(year: YearWorld, random: Random) {
    this.#year = year;
    this.#random = random;
  }

  async bring(): Promise<void> {
    const { model, webhooks, life } = this.#year;
    const news: readonly GatewayEvent[] = model.events(this.#seen);
    if (webhooks !== "good") this.#seen += news.length;
    if (webhooks === "lost") return;
    const { intake } = life.engine;
    if (webhooks === "mixed") {
      const mixed = news.map((event) => [this.#random.float(), event] as const).sort(([a], [b]) => a - b);
      for (const [, event] of mixed) await intake.take(event);
      return;
    }
    for (const event of news) {
      if (!(await intake.take(event))) return;
      if (webhooks === "doubled") await intake.take(event);
      else this.#seen = event.sequence;
    }
  }

  write(person: Person, text: string, word: Word): void {
    const number = person.lines.at(-1)?.number ?? "";
    this.#unheard.set(this.#year.model.inbound(number, text), { number, word });
  }

  /** Enters in the book what the scheduler has taken in by now. */
  noteHeard(): void {
    if (this.#unheard.size === 0) return;
    const { life, book } = this.#year;
    const known = life.db.sql("select 1 from reply where id = ?");
    for (const [id, said] of this.#unheard) {
      if (known.get(id) === undefined) continue;
      this.#unheard.delete(id);
      book.heard.push({ order: book.next(), ...said });
    }
  }
}
