/** `dunlin keys`: on the database file itself, so that the first key needs no key. */
import { Command, InvalidArgumentError } from "commander";
import { type ApiKey, createApiKeys } from "#shared/api-keys.ts";
import { closest } from "#shared/closest.ts";
import { SCOPES, type Scope } from "#shared/gateway-api.ts";
import { createIds } from "#shared/ids.ts";
import { systemRandom } from "#shared/random.ts";
import { attempt, CliError, type CliIo } from "./io.ts";
import { printJson, printTable } from "./output.ts";
import { loadCliSettings, type SettingsFlags, withDatabase, withSettingsOptions } from "./settings.ts";

const DAY_MS = 24 * 3_600_000;
const SCOPES_DEFAULT: readonly Scope[] = ["messages:write", "messages:read"];

interface Flags extends SettingsFlags {
  readonly json?: boolean;
}

interface CreateFlags extends Flags {
  readonly name?: string;
  readonly scope?: readonly Scope[];
  readonly expires?: string;
}

const HELP = `
Scopes: ${SCOPES.join(", ")}.
\`read:all\` reads what other keys sent, \`admin\` may do everything.

Examples:
  dunlin keys create shop
  dunlin keys create monitoring --scope metrics:read --scope fleet:read
  dunlin keys create "test of March" --expires 30d
  dunlin keys revoke key_01m7zz5v7aeyst5d16z6zd73vp

They work on the database file, also while the gateway runs; a running gateway notices within a second.`;

export function keysCommand(io: CliIo): Command {
  const create = new Command("create")
    .description("Make a key. It is shown once; only its SHA-256 is stored.")
    .argument("[name]", "what it is for")
    .option("--name <name>", "the same, as an option")
    .option(
      "--scope <scope>",
      `what it may do; may be repeated (default: ${SCOPES_DEFAULT.join(", ")})`,
      addScopes,
    )
    .option("--expires <time>", "such as 90d, or 2027-01-31")
    .option("--json", "as JSON");
  const list = new Command("list").description("List keys, newest first.").option("--json", "as JSON");
  const revoke = new Command("revoke")
    .description("Revoke a key, at once and for ever.")
    .argument("<id>")
    .option("--json", "as JSON");
  return new Command("keys")
    .description("Make, list and revoke API keys.")
    .addHelpText("after", HELP)
    .addCommand(
      withSettingsOptions(create).action((name: string | undefined, flags: CreateFlags) =>
        attempt(io, () => createKey(io, name ?? flags.name, flags)),
      ),
    )
    .addCommand(withSettingsOptions(list).action((flags: Flags) => attempt(io, () => listKeys(io, flags))))
    .addCommand(
      withSettingsOptions(revoke).action((id: string, flags: Flags) =>
        attempt(io, () => revokeKey(io, id, flags)),
      ),
    );
}

function addScopes(text: string, before: readonly Scope[] = []): readonly Scope[] {
  const scopes = text.split(",").map((scope) => scope.trim());
  for (const scope of scopes) {
    if ((SCOPES as readonly string[]).includes(scope)) continue;
    const best = closest(scope, SCOPES);
    const hint = best === undefined ? `Scopes are ${SCOPES.join(", ")}.` : `Did you mean ${best}?`;
    throw new InvalidArgumentError(`There is no scope ${scope}. ${hint}`);
  }
  return [...before, ...(scopes as Scope[])];
}

async function createKey(io: CliIo, name: string | undefined, flags: CreateFlags): Promise<void> {
  if (name === undefined || name.trim() === "") throw new CliError("name the key: dunlin keys create shop");
  const expiresAt = flags.expires === undefined ? undefined : parseExpiry(flags.expires, io.clock.now());
  const made = await withKeys(io, flags, (keys) =>
    keys.create({
      name,
      scopes: flags.scope ?? SCOPES_DEFAULT,
      ...(expiresAt === undefined ? {} : { expiresAt }),
    }),
  );
  if (flags.json === true) return printJson(io, { ...rendered(made.key), key: made.text });
  io.out(`${made.text}\n`);
  io.err(`${made.key.id}, scopes ${made.key.scopes.join(", ")}. Keep the key: it is not shown again.\n`);
}

function parseExpiry(text: string, now: number): number {
  const days = /^(\d{1,4})d$/.exec(text)?.[1];
  const at = days === undefined ? Date.parse(text) : now + Number(days) * DAY_MS;
  if (Number.isNaN(at)) throw new CliError(`--expires ${text}: write 90d, or a date such as 2027-01-31`);
  if (at <= now) throw new CliError(`--expires ${text}: that is in the past`);
  return at;
}

async function listKeys(io: CliIo, flags: Flags): Promise<void> {
  const keys = await withKeys(io, flags, async (store) => store.list());
  if (flags.json === true) return printJson(io, keys.map(rendered));
  const day = (ms: number | undefined): string =>
    ms === undefined ? "" : new Date(ms).toISOString().slice(0, 10);
  const rows = keys.map((key) => [
    key.id,
    key.name,
    `${key.shown}…`,
    key.revokedAt === undefined ? key.scopes.join(" ") : `revoked ${day(key.revokedAt)}`,
    day(key.createdAt),
    day(key.lastUsedAt),
    day(key.expiresAt),
  ]);
  printTable(io, ["ID", "NAME", "KEY", "SCOPES", "CREATED", "LAST USED", "EXPIRES"], rows);
}

async function revokeKey(io: CliIo, id: string, flags: Flags): Promise<void> {
  const key = await withKeys(io, flags, async (keys) => {
    await keys.revoke(id);
    return keys.get(id);
  });
  if (key === undefined) throw new CliError(`there is no key ${id}; \`dunlin keys list\` shows them`);
  if (flags.json === true) return printJson(io, rendered(key));
  io.out(`${key.id} (${key.name}) is revoked\n`);
}

function withKeys<T>(
  io: CliIo,
  flags: Flags,
  work: (keys: ReturnType<typeof createApiKeys>) => Promise<T>,
): Promise<T> {
  const { settings } = loadCliSettings(io, flags);
  const { clock } = io;
  const ids = createIds(clock, systemRandom);
  return withDatabase(settings.dataDir, (db) =>
    work(createApiKeys({ db, clock, random: systemRandom, ids })),
  );
}

function rendered(key: ApiKey): Record<string, unknown> {
  const moments = {
    createdAt: key.createdAt,
    expiresAt: key.expiresAt,
    revokedAt: key.revokedAt,
    lastUsedAt: key.lastUsedAt,
  };
  const shown = Object.entries(moments).flatMap(([name, ms]) =>
    ms === undefined ? [] : [[name, new Date(ms).toISOString()] as const],
  );
  return { id: key.id, name: key.name, shown: key.shown, scopes: key.scopes, ...Object.fromEntries(shown) };
}
