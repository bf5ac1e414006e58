/** The ledger over HTTP: what is owed, by whom, what was paid, and what holds it back. */
import type { HttpServer } from "#shared/http-server.ts";
import type { HttpDeps } from "./deps.ts";
import { serveHolds } from "./ledger/holds.ts";
import { serveUpserts } from "./ledger/upserts.ts";
import { serveViews } from "./ledger/views.ts";

export { LEDGER_PROBLEMS } from "./ledger/refusals.ts";

export function serveLedger(app: HttpServer, deps: HttpDeps): void {
  serveUpserts(app, deps);
  serveHolds(app, deps);
  serveViews(app, deps);
}
