/**
 * `npm run test:witnesses`: every witness on every family of the simulator, and a table of what it said.
 *
 *     --client NAME, --profile NAME   only these; may be given several times
 *     --keep FOLDER                   leaves the dialogues and the witnesses' own files there
 *
 * Exit code 1 when a witness refused what it is not known to refuse.
 */
import { parseArgs } from "node:util";
import { PROFILES } from "#hardware/simulator/profiles/profiles.ts";
import { hearAll } from "./witnesses/hearings.ts";
import { report } from "./witnesses/table.ts";
import { WITNESSES } from "./witnesses/witnesses.ts";

const { values } = parseArgs({
  options: {
    client: { type: "string", multiple: true },
    profile: { type: "string", multiple: true },
    keep: { type: "string" },
  },
});
const { client, profile, keep } = values;

const witnesses = WITNESSES.filter(({ name }) => client?.includes(name) ?? true);
const profiles = PROFILES.filter(({ name }) => profile?.includes(name) ?? true);
const hearings = await hearAll(witnesses, profiles, {
  say: (line) => process.stderr.write(`${line}\n`),
  ...(keep !== undefined && { keepIn: keep }),
});
const { text, surprises } = report(hearings);
process.stdout.write(`${text}\n`);
process.exitCode = surprises.length === 0 && hearings.length > 0 ? 0 : 1;
