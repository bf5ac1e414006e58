/** `dunlin tasks approve-catch-up`: the yes without which nothing goes on after long downtime. */
import type { Command } from "commander";
import { countDue } from "#scheduler/ledger/due.ts";
import { systemClock } from "#shared/clock.ts";
import { actor } from "./actor.ts";
import { type Look, look } from "./look.ts";
import { operatorOf } from "./operate.ts";
import { type CommonOptions, command, complain, print } from "./options.ts";

interface Options extends CommonOptions {
  readonly yes?: boolean;
}

export function catchUpCommand(): Command {
  return command("approve-catch-up", "Show why reminders wait after long downtime; --yes lets them go on.")
    .option("--yes", "approve it")
    .addHelpText(
      "after",
      "\nEach case then gets its latest valid step only, and nobody more than one message in the first hours of\n" +
        'contact. "dunlin forecast --days 1" shows what leaves. When it needs a yes stands in the settings (catchUp).',
    )
    .action((_options: unknown, self: Command) => {
      const options = self.optsWithGlobals() as Options;
      return look(options, (opened) => approve(opened, options.yes === true));
    });
}

async function approve(opened: Look, yes: boolean): Promise<number> {
  const operator = operatorOf(opened);
  const [gate] = operator.gates(Number.POSITIVE_INFINITY);
  if (gate === undefined) {
    complain("Nothing waits for it: reminders were not stopped after downtime.");
    return 1;
  }
  if (!yes) {
    const due = countDue(opened.db, systemClock.now(), Number.MAX_SAFE_INTEGER);
    print(gate.detail);
    print(`${due} cases are due to be decided now. Look at what leaves: dunlin forecast --days 1`);
    print("They go on after: dunlin tasks approve-catch-up --yes");
    return 0;
  }
  if (!(await operator.approveCatchUp(actor()))) {
    complain("Somebody else approved it just now.");
    return 1;
  }
  print(`Approved: the service goes on within ${opened.settings.run.tickSeconds} seconds, if it runs.`);
  return 0;
}
