/** `dunlin evidence …`: what was witnessed of a case, as a table or a file; whether the chain holds; erasing. */
import { writeFileSync } from "node:fs";
import { type Command, InvalidArgumentError } from "commander";
import { type ChainVerdict, type Head, verify } from "#scheduler/evidence/chain.ts";
import {
  CASE_EVENTS_MAX,
  CHAIN_MAX,
  checkDossier,
  renderEvent,
  writeDossier,
} from "#scheduler/evidence/dossier.ts";
import { createEvidence, eraseCases, eventsAfter, eventsOfCase, headOf } from "#scheduler/evidence/store.ts";
import { systemClock } from "#shared/clock.ts";
import { systemRandom } from "#shared/random.ts";
import { actor } from "./actor.ts";
import { type Look, look } from "./look.ts";
import { type CommonOptions, command, complain, print, progress, readNamedFile, table } from "./options.ts";

/** Texts and numbers: nobody else on the machine may read the file. */
const FILE_MODE = 0o600;
const CASES_MAX = 10_000;

export function evidenceCommand(): Command {
  const evidence = command(
    "evidence",
    "What was sent, received and answered, in a chain that shows changes.",
  );
  const given = <T extends object>(self: Command): T & CommonOptions => self.optsWithGlobals();
  evidence.addCommand(
    command("show", "What was witnessed of a case, oldest first.")
      .argument("<case>", "its code, such as 4T7K-93QX")
      .option("--json", "for programs, with what each event says")
      .action((code: string, _: unknown, self: Command) => {
        const options = given<{ json?: boolean }>(self);
        return look(options, async (opened) => show(opened, code.toUpperCase(), options.json === true));
      }),
  );
  evidence.addCommand(
    command("export", "A case as a file that can be checked anywhere.")
      .argument("<case>", "its code, such as 4T7K-93QX")
      .requiredOption("--out <file>", "where to; an older file is not written over")
      .action((code: string, _: unknown, self: Command) => {
        const options = given<{ out: string }>(self);
        return look(options, async (opened) => exportCase(opened, code.toUpperCase(), options.out));
      }),
  );
  evidence.addCommand(
    command("verify", "Whether the chain holds: the database's, or an exported file's; 1 when it does not.")
      .argument("[file]", "exported before; needs no database")
      .option(
        "--head <sequence:hash>",
        "a head that was kept elsewhere: the chain must lead there",
        parseHead,
      )
      .action((file: string | undefined, _: unknown, self: Command) => {
        const options = given<{ head?: Head }>(self);
        if (file === undefined) return look(options, async (opened) => verifyDatabase(opened, options.head));
        process.exitCode = verifyFile(file, options.head);
        return undefined;
      }),
  );
  evidence.addCommand(
    command("erase", "Shred what was witnessed of a debtor; the chain goes on without it.")
      .argument("<debtor>", "the number that the creditor gave to the debtor")
      .option("--creditor <id>", "where several have a debtor of that number")
      .option("--yes", "do it; there is no way back")
      .action((debtor: string, _: unknown, self: Command) => {
        const options = given<{ creditor?: string; yes?: boolean }>(self);
        return look(options, (opened) => erase(opened, debtor, options));
      }),
  );
  return evidence;
}

function show({ db }: Look, code: string, json: boolean): number {
  const events = eventsOfCase(db, code, CASE_EVENTS_MAX).map(renderEvent);
  if (json) print(JSON.stringify(events, null, 2));
  else if (events.length === 0) return none(code);
  else
    print(
      table(
        ["sequence", "when", "what", "digest", "details"],
        events.map(({ sequence, at, kind, hash, details }) => [
          sequence,
          at,
          kind,
          hash,
          details === undefined ? "erased" : "kept",
        ]),
      ),
    );
  return 0;
}

function none(code: string): number {
  complain(`There is no evidence of a case ${code}.`);
  return 1;
}

function exportCase({ db }: Look, code: string, out: string): number {
  const written = writeDossier(db, code, systemClock.now(), progress("events"));
  if (written.kind === "none") return none(code);
  if (written.kind === "too-long") {
    complain(
      `Since the first event of ${code} the chain has grown over ${CHAIN_MAX} events; no file can hold it.`,
    );
    return 1;
  }
  try {
    writeFileSync(out, written.text, { mode: FILE_MODE, flag: "wx" });
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    complain(`${out} cannot be written (${why}). Name a file that is not there yet.`);
    return 1;
  }
  print(`${out} holds the evidence of ${code}. Check it with: dunlin evidence verify ${out}`);
  return 0;
}

function verifyFile(path: string, known: Head | undefined): number {
  const text = readNamedFile(path);
  if (text === undefined) return 1;
  const checked = checkDossier(text, known);
  if (checked.kind === "read") {
    const { caseCode, shown, verdict } = checked;
    return tell(verdict, `It shows ${shown} of them, those of case ${caseCode}.`);
  }
  complain(`${path} is no exported evidence. ${checked.detail}`);
  return 1;
}

function verifyDatabase({ db }: Look, known: Head | undefined): number {
  const events = counted(eventsAfter(db, 0), headOf(db).sequence);
  return tell(verify(events, known === undefined ? {} : { known }), "");
}

/** Nothing is written, so Ctrl-C may end it anywhere. */
function* counted<Event>(events: Iterable<Event>, total: number): Generator<Event> {
  const show = progress("events");
  let done = 0;
  for (const event of events) {
    show(Math.min(++done, total), total);
    yield event;
  }
}

function tell(verdict: ChainVerdict, more: string): number {
  if (!verdict.ok) {
    complain(`The chain is broken: event ${verdict.sequence} is ${verdict.fault}.`);
    return 1;
  }
  const { count, erased, head } = verdict;
  print(`The chain holds: ${count} events, the details of ${erased} are erased. ${more}`.trimEnd());
  print(`Its head, to be kept elsewhere: ${head.sequence}:${head.hash}`);
  return 0;
}

function parseHead(text: string): Head {
  const [, sequence, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (sequence === undefined || hash === undefined)
    throw new InvalidArgumentError(
      "Write a head as it was printed: the sequence, a colon, 64 hexadecimal digits.",
    );
  return { sequence: Number(sequence), hash };
}

async function erase(
  { db }: Look,
  debtor: string,
  options: { readonly creditor?: string; readonly yes?: boolean },
): Promise<number> {
  const found = db
    .sql(
      `select debtor.id as id, creditor.external_id as creditor from debtor join creditor on creditor.id = creditor_id
       where debtor.external_id = ? and (? is null or creditor.external_id = ?)`,
    )
    .all(debtor, options.creditor ?? null, options.creditor ?? null) as { id: number; creditor: string }[];
  const [only, ...others] = found;
  if (only === undefined || others.length > 0) {
    complain(
      only === undefined
        ? `There is no debtor ${debtor}.`
        : `Several have a debtor ${debtor}; add --creditor: ${found.map(({ creditor }) => creditor).join(", ")}`,
    );
    return 1;
  }
  const codes = db
    .sql(`select code from dunning_case where debtor_id = ? limit ${CASES_MAX}`)
    .pluck()
    .all(only.id) as string[];
  if (options.yes !== true) {
    print(`This shreds what was witnessed of ${debtor} (${codes.join(", ")}), for good. Do it with --yes.`);
    return 1;
  }
  // Else what was written stays in the file until its place is needed for something else.
  db.connection.pragma("secure_delete = on");
  const by = { actor: actor(), at: systemClock.now() };
  const count = await db.write(() => eraseCases(db, createEvidence(db, systemRandom), codes, by));
  db.connection.pragma("wal_checkpoint(TRUNCATE)");
  print(
    `The details of ${count} events are erased. Ledger, messages, replies and backups keep their own copies.`,
  );
  return 0;
}
