/** `dunlin scheduler`: runs the service until it is told to stop. */
import { mkdirSync } from "node:fs";
import { type Command, Option } from "commander";
import { SCOPES } from "#scheduler/http/schemas.ts";
import { databasePath, ListenError, startScheduler } from "#scheduler/main.ts";
import { MIGRATIONS } from "#scheduler/places.ts";
import { createApiKeys } from "#shared/api-keys.ts";
import { systemClock } from "#shared/clock.ts";
import { createIds } from "#shared/ids.ts";
import { systemRandom } from "#shared/random.ts";
import { Database, DatabaseUnavailable } from "#shared/sqlite.ts";
import { type CommonOptions, command, complain, interruptible, print, settingsOf } from "./options.ts";

export function schedulerCommand(): Command {
  const scheduler = command("scheduler", "Run the scheduler: it decides who is reminded, and when.").action(
    serve,
  );
  const keys = command("keys", "Keys of the scheduler's HTTP side.");
  keys
    .command("create")
    .description("Make a key; it is shown once.")
    .requiredOption("--name <name>", "what the key is for")
    .addOption(
      new Option("--scope <scope...>", "what it may do").choices([...SCOPES]).default(["admin"], "admin"),
    )
    .action((options: { name: string; scope: string[] }, self: Command) => createKey(options, self));
  keys
    .command("list")
    .description("The keys, without their texts.")
    .action((_options: unknown, self: Command) => listKeys(self));
  keys
    .command("revoke <id>")
    .description("End a key, at once and for ever.")
    .action((id: string, _options: unknown, self: Command) => revokeKey(id, self));
  scheduler.addCommand(keys);
  return scheduler;
}

async function serve(options: CommonOptions): Promise<void> {
  const settings = settingsOf(options);
  if (settings === undefined) return;
  const { signal, release } = interruptible();
  try {
    const running = await startScheduler(settings);
    if (!signal.aborted)
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    await running.stop();
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable || error instanceof ListenError)) throw error;
    complain(error.message);
    process.exitCode = 1;
  } finally {
    release();
  }
}

/** `--config` stands before or after the last word. */
function commonOf(self: Command): CommonOptions {
  return self.optsWithGlobals() as CommonOptions;
}

async function withKeys(
  self: Command,
  work: (keys: ReturnType<typeof createApiKeys>) => Promise<void>,
): Promise<void> {
  const settings = settingsOf(commonOf(self));
  if (settings === undefined) return;
  mkdirSync(settings.dataDir, { recursive: true, mode: 0o700 });
  const db = new Database({ path: databasePath(settings), migrations: MIGRATIONS });
  const ids = createIds(systemClock, systemRandom);
  try {
    await work(createApiKeys({ db, clock: systemClock, random: systemRandom, ids }));
  } finally {
    db.close();
  }
}

async function createKey(options: { name: string; scope: string[] }, self: Command): Promise<void> {
  await withKeys(self, async (keys) => {
    const made = await keys.create({ name: options.name, scopes: options.scope });
    print(made.text);
  });
}

async function listKeys(self: Command): Promise<void> {
  await withKeys(self, async (keys) => {
    for (const key of keys.list())
      print(
        [key.id, key.shown, key.name, key.scopes.join(","), key.revokedAt ? "revoked" : "valid"].join("  "),
      );
  });
}

async function revokeKey(id: string, self: Command): Promise<void> {
  await withKeys(self, async (keys) => {
    if (await keys.revoke(id)) return print(`${id} is revoked`);
    complain(`There is no key ${id} that could be revoked.`);
    process.exitCode = 1;
  });
}
