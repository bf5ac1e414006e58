/** Opens the scheduler's database beside a running service: it decides and sends nothing itself. */
import { existsSync } from "node:fs";
import type { SchedulerSettings } from "#scheduler/config.ts";
import { type LiveRules, openRules } from "#scheduler/decide/live-rules.ts";
import { databasePath, folderOf } from "#scheduler/main.ts";
import { createMind } from "#scheduler/mind.ts";
import { MIGRATIONS } from "#scheduler/places.ts";
import type { Brain } from "#scheduler/run/brain.ts";
import { systemClock } from "#shared/clock.ts";
import { createZones, type Zones } from "#shared/local-date.ts";
import { Database } from "#shared/sqlite.ts";
import { type CommonOptions, complain, settingsOf } from "./options.ts";

export interface Look {
  readonly settings: SchedulerSettings;
  readonly db: Database;
  readonly zones: Zones;
  readonly brain: Brain;
  readonly rules: LiveRules;
}

/** What `work` answers with becomes the exit code. */
export async function look(options: CommonOptions, work: (opened: Look) => Promise<number>): Promise<void> {
  const settings = settingsOf(options);
  if (settings === undefined) return;
  const path = databasePath(settings);
  if (!existsSync(path)) {
    complain(`There is no database at ${path}. Start "dunlin scheduler" once, or check dataDir.`);
    process.exitCode = 1;
    return;
  }
  const db = new Database({ path, migrations: MIGRATIONS });
  try {
    const zones = createZones();
    const rules = await openRules({ db, zones, clock: systemClock, ...folderOf(settings) });
    const brain = createMind({ db, rulebook: rules.current });
    process.exitCode = await work({ settings, db, zones, brain, rules });
  } finally {
    db.close();
  }
}
