/**
 * A program: a scheduler that ends itself with SIGKILL at a named place. To be killed while something is
 * taken back, it needs a reason to: everybody pays as soon as everything is handed over.
 * Arguments: folder, gateway's address, gateway's key, place.
 */
import { findCreditor } from "#scheduler/ledger/parties.ts";
import type { Creditor } from "#scheduler/ledger/types.ts";
import type { RunningScheduler } from "#scheduler/main.ts";
import { MORNING, startE2eScheduler } from "./scheduler-process.ts";
import { pay } from "./small-ledger.ts";

const [folder = "", gatewayUrl = "", gatewayKey = "", place = ""] = process.argv.slice(2);
let paid = !place.includes("recall");

const scheduler: RunningScheduler = await startE2eScheduler({
  folder,
  gatewayUrl,
  gatewayKey,
  checkpoint: (here) => {
    if (here === place) process.kill(process.pid, "SIGKILL");
    if (here === "after-confirm") setImmediate(() => payOnceAllAreHandedOver());
  },
});

function payOnceAllAreHandedOver(): void {
  const { db } = scheduler;
  const under = db.sql("select count(*) from occurrence where state = 'handed-over'").pluck().get() as number;
  const names = db.sql("select external_id from debtor order by id").pluck().all() as string[];
  const all = db.sql("select count(*) from occurrence").pluck().get() as number;
  if (paid || under < 2 || all < names.length) return;
  paid = true;
  const creditor = findCreditor(db, "acme") as Creditor;
  for (const name of names) void pay(scheduler, creditor, name, 12_050n, MORNING);
}
