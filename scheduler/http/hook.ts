/**
 * Where the gateway's webhooks arrive. The body is checked octet by octet before it is parsed, and an
 * answer of 2xx means that the event is on disk; anything else brings it again.
 */
import { GatewayEvent } from "#shared/gateway-api/events.ts";
import type { HttpServer } from "#shared/http-server.ts";
import { problem } from "#shared/problems.ts";
import { verify } from "#shared/webhook-signature.ts";
import type { HttpDeps } from "./deps.ts";

export const HOOK_PATH = "/hooks/gateway";

export function serveHook(app: HttpServer, deps: HttpDeps): void {
  app.register((scope, _options, done) => {
    scope.removeContentTypeParser("application/json");
    scope.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, parsed) =>
      parsed(null, body),
    );
    scope.post(HOOK_PATH, { schema: { hide: true } }, async (request, reply) => {
      const secret = deps.engine.marks.get("gateway.webhook-secret");
      if (secret === undefined) throw problem("key_invalid", { detail: "No webhook is registered." });
      const body = String(request.body ?? "");
      const verdict = verify([secret], request.headers, body, deps.wireClock.now());
      if (!verdict.ok)
        throw problem("key_invalid", { detail: `The signature is refused: ${verdict.reason}.` });
      const event = GatewayEvent.safeParse(JSON.parse(body));
      // What we do not know will not become known by repeating it.
      if (!event.success) return reply.code(204).send();
      if (!(await deps.engine.intake.take(event.data))) throw problem("storage_unavailable");
      return reply.code(204).send();
    });
    done();
  });
}
