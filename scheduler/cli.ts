/** The scheduler's commands, for `dunlin`. */
import type { Command } from "commander";
import { evidenceCommand } from "./cli/evidence.ts";
import { explainCommand } from "./cli/explain.ts";
import { forecastCommand } from "./cli/forecast.ts";
import { holidaysCommand } from "./cli/holidays.ts";
import { importCommand } from "./cli/import.ts";
import { policiesCommand } from "./cli/policies.ts";
import { reportCommand } from "./cli/report.ts";
import { runCommand } from "./cli/run.ts";
import { scanCommand } from "./cli/scan.ts";
import { schedulerCommand } from "./cli/serve.ts";
import { tasksCommand } from "./cli/tasks.ts";
import { templatesCommand } from "./cli/templates.ts";

export function schedulerCommands(): Command[] {
  return [
    schedulerCommand(),
    importCommand(),
    policiesCommand(),
    templatesCommand(),
    tasksCommand(),
    holidaysCommand(),
    forecastCommand(),
    explainCommand(),
    evidenceCommand(),
    runCommand(),
    scanCommand(),
    reportCommand(),
  ];
}
