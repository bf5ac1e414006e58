/** What people read in a browser: the API page at /docs and one page for each kind of problem. */
import helmet from "@fastify/helmet";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import { DELIVERY_REASONS, type ProblemCatalogue, problem } from "#shared/problems.ts";

interface Explained {
  readonly title: string;
  readonly remedy: string;
  readonly retryable: boolean;
  readonly status?: number;
}

export async function servePages(app: FastifyInstance, catalogue: ProblemCatalogue): Promise<void> {
  const kinds: Readonly<Record<string, Explained>> = { ...DELIVERY_REASONS, ...catalogue };
  await app.register(async (pages) => {
    // The default policy, but for one line: over plain HTTP, which is how a service behind a proxy or
    // on a desk is reached, `upgrade-insecure-requests` would make the browser ask for HTTPS.
    await pages.register(helmet, {
      contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
      strictTransportSecurity: false,
    });
    await pages.register(swaggerUi, { routePrefix: "/docs", uiConfig: { docExpansion: "list" } });
    pages.get("/problems", { schema: { hide: true } }, (_request, reply) =>
      reply.type("text/html; charset=utf-8").send(listPage(kinds)),
    );
    pages.get<{ Params: { code: string } }>(
      "/problems/:code",
      { schema: { hide: true } },
      (request, reply) => {
        const { code } = request.params;
        const kind = Object.hasOwn(kinds, code) ? kinds[code] : undefined;
        if (kind === undefined) throw problem("not_found", { detail: "There is no problem with this code." });
        return reply.type("text/html; charset=utf-8").send(kindPage(code, kind));
      },
    );
  });
}

function kindPage(code: string, kind: Explained): string {
  const again = kind.retryable ? "The same request may succeed later." : "Repeating it will not help.";
  const status = kind.status === undefined ? "" : `<p>HTTP status ${kind.status}. ${again}</p>`;
  return page(
    code,
    `<h1>${html(kind.title)}</h1><p><code>${html(code)}</code></p>${status}<h2>What to do</h2>
<p>${html(kind.remedy)}</p><p><a href="/problems">All problems</a> · <a href="/docs">API</a></p>`,
  );
}

function listPage(kinds: Readonly<Record<string, Explained>>): string {
  const rows = Object.entries(kinds).map(
    ([code, kind]) =>
      `<tr><td><a href="/problems/${html(code)}">${html(code)}</a></td><td>${html(kind.title)}</td></tr>`,
  );
  return page("Problems", `<h1>Problems</h1><table>${rows.join("\n")}</table>`);
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${html(title)} · Dunlin</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{font:1.05rem/1.6 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem}
td{padding:.2rem 1rem .2rem 0;vertical-align:top}code{font-size:1rem}</style></head><body>${body}</body></html>`;
}

function html(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
