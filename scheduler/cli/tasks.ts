/** `dunlin tasks …`: the work for people, and their yes to a message that waits for it. */
import { type Command, InvalidArgumentError } from "commander";
import { findCase } from "#scheduler/ledger/due.ts";
import { nextMessage } from "#scheduler/reports/next-message.ts";
import { systemClock } from "#shared/clock.ts";
import { actor } from "./actor.ts";
import { catchUpCommand } from "./catch-up.ts";
import { type Look, look } from "./look.ts";
import { operatorOf, tasksOf } from "./operate.ts";
import { type CommonOptions, command, complain, parseCount, print, table } from "./options.ts";

const SHOWN_DEFAULT = 50;
const SHOWN_MAX = 1_000;
const OUTCOME_CHARS_MAX = 500;

interface ListOptions extends CommonOptions {
  readonly kind?: string;
  readonly limit: number;
  readonly json?: boolean;
}

export function tasksCommand(): Command {
  const tasks = command("tasks", "The work for people, newest first.")
    .option("--kind <kind>", "only these, such as approve-message or read-reply")
    .option("--limit <n>", "how many at most", parseCount(1, SHOWN_MAX), SHOWN_DEFAULT)
    .option("--json", "for programs")
    .action((options: ListOptions) => look(options, async (opened) => list(opened, options)));
  tasks.addCommand(
    command("close", "Say what was done.")
      .argument("<id>", "of the task")
      .requiredOption("--outcome <text>", "what was done", parseOutcome)
      .action((id: string, _options: unknown, self: Command) => {
        const { outcome, ...options } = self.optsWithGlobals() as CommonOptions & { outcome: string };
        return look(options, (opened) => close(opened, id, outcome));
      }),
  );
  tasks.addCommand(
    command("approve", "Show the message that waits for a yes, word for word; --yes lets it leave.")
      .argument("<case>", "its code, such as 4T7K-93QX")
      .option("--yes", "approve it")
      .action((code: string, _options: unknown, self: Command) => {
        const { yes, ...options } = self.optsWithGlobals() as CommonOptions & { yes?: boolean };
        return look(options, (opened) => approve(opened, code, yes === true));
      }),
  );
  tasks.addCommand(catchUpCommand());
  return tasks;
}

function list(opened: Look, options: ListOptions): number {
  const { kind, limit } = options;
  const found = tasksOf(opened).list({ state: "open", limit, ...(kind === undefined ? {} : { kind }) });
  const codeOf = opened.db.sql("select code from dunning_case where id = ?").pluck();
  const saidIn = opened.db.sql("select text from reply where id = ?").pluck();
  const rows = found.map((task) => ({
    id: task.id,
    since: new Date(task.openedAt).toISOString().slice(0, 16),
    kind: task.kind,
    case: task.caseId === undefined ? "" : String(codeOf.get(task.caseId)),
    detail: task.detail,
    said: harmless(String(saidIn.get(task.subject.replace(/^reply /, "")) ?? "")),
  }));
  if (options.json === true) print(JSON.stringify(rows, null, 2));
  else if (rows.length === 0) print(nothing(opened, kind));
  else
    print(
      table(
        Object.keys(rows[0] ?? {}),
        rows.map((row) => Object.values(row)),
      ),
    );
  return 0;
}

function nothing(opened: Look, kind: string | undefined): string {
  const open = tasksOf(opened).countOpen();
  if (kind === undefined || open.length === 0) return "Nothing waits for a person.";
  const known = open.map((one) => `${one.kind} (${one.count})`).join(", ");
  return `Nothing of the kind "${kind}" waits. What waits is: ${known}.`;
}

function parseOutcome(text: string): string {
  const outcome = text.trim();
  if (outcome === "" || outcome.length > OUTCOME_CHARS_MAX)
    throw new InvalidArgumentError(`Say what was done, in 1 to ${OUTCOME_CHARS_MAX} characters.`);
  return outcome;
}

/** A stranger's text must not move the cursor or colour the terminal. */
function harmless(text: string): string {
  return text.replace(/\p{C}+/gu, " ");
}

async function close(opened: Look, id: string, outcome: string): Promise<number> {
  const { db } = opened;
  const done = await db.write(() => tasksOf(opened).close(id, actor(), outcome, systemClock.now()));
  if (done) {
    print(`${id} is closed.`);
    return 0;
  }
  complain(`There is no open task ${id}.`);
  return 1;
}

async function approve(opened: Look, code: string, yes: boolean): Promise<number> {
  const found = findCase(opened.db, code.toUpperCase());
  const next = found && nextMessage(opened.brain, found.id, systemClock.now());
  if (found === undefined || next === undefined) {
    complain(`There is no case ${code}.`);
    return 1;
  }
  const { message, needsApproval, decision } = next;
  if (message === undefined || !needsApproval) {
    complain(`Nothing waits for approval: ${decision.because}.`);
    return 1;
  }
  const { composed, stepId } = message;
  print(`${stepId}: ${composed.kind === "text" ? composed.text : composed.detail}`);
  if (!yes) {
    print(`It leaves after: dunlin tasks approve ${found.code} --yes`);
    return 0;
  }
  const result = await operatorOf(opened).approveMessage(found.id, actor());
  print(
    result.kind === "approved" ? "Approved: it leaves at its hour." : "Nothing waits for approval any more.",
  );
  return result.kind === "approved" ? 0 : 1;
}
