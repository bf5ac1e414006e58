/** A path that is known with another method is answered 405 with `Allow` (RFC 9110 15.5.6), not 404. */
import type { FastifyInstance } from "fastify";

interface Route {
  /** `/v1/messages/:id` in pieces. */
  readonly parts: readonly string[];
  readonly methods: Set<string>;
}

export class KnownMethods {
  readonly #routes = new Map<string, Route>();

  /** Listens for routes; make it before any is added. */
  constructor(app: FastifyInstance) {
    app.addHook("onRoute", ({ url, method }) => {
      if (url.includes("*")) return;
      const known = this.#routes.get(url) ?? { parts: url.split("/"), methods: new Set<string>() };
      this.#routes.set(url, known);
      for (const one of [method].flat()) known.methods.add(one);
    });
  }

  /** Methods that this path takes; none for one that is not known. */
  of(path: string): readonly string[] {
    const given = path.split("/");
    const fitting = [...this.#routes.values()].filter(({ parts }) => fits(parts, given));
    return [...new Set(fitting.flatMap(({ methods }) => [...methods]))].sort();
  }
}

function fits(parts: readonly string[], given: readonly string[]): boolean {
  return (
    parts.length === given.length &&
    parts.every((part, i) => (part.startsWith(":") ? given[i] !== "" : part === given[i]))
  );
}
