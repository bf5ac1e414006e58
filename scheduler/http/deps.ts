import type { Registry } from "prom-client";
import type { LiveRules } from "#scheduler/decide/live-rules.ts";
import type { Ledger } from "#scheduler/ledger/ledger.ts";
import type { PolicyEditor } from "#scheduler/policy/edit/policies.ts";
import type { TemplateEditor } from "#scheduler/policy/edit/texts.ts";
import type { ForecastService } from "#scheduler/reports/forecast-service.ts";
import type { ScanService } from "#scheduler/reports/scan-service.ts";
import type { Brain } from "#scheduler/run/brain.ts";
import type { Engine } from "#scheduler/run/engine.ts";
import type { ApiKeys } from "#shared/api-keys.ts";
import type { Clock } from "#shared/clock.ts";
import type { IdFactory } from "#shared/ids.ts";
import type { Zones } from "#shared/local-date.ts";
import type { Logger } from "#shared/logger.ts";
import type { Database } from "#shared/sqlite.ts";

/** What the routes are handed. */
export interface HttpDeps {
  readonly db: Database;
  readonly clock: Clock;
  /** The clock of the world, by which webhooks are signed. */
  readonly wireClock: Clock;
  readonly zones: Zones;
  readonly ids: IdFactory;
  readonly log: Logger;
  readonly keys: ApiKeys;
  readonly metrics: Registry;
  readonly engine: Engine;
  readonly brain: Brain;
  readonly ledger: Ledger;
  readonly rules: LiveRules;
  readonly policies: PolicyEditor;
  readonly texts: TemplateEditor;
  /** Policies, texts or assignments were changed: they hold at once, for every case. */
  readonly rulesEdited: () => Promise<void>;
  readonly forecasts: ForecastService;
  readonly scans: ScanService;
  readonly costCurrency: string;
}
