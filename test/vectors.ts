/**
 * `npm run vectors -- FOLDER…`: every vector of the folders, a line for each failure, and at last the
 * count. Exit code 1 when one failed or a folder has none. The schema is in `test/vectors/README.md`.
 */
import { type Result, runVectors, VectorsError } from "./vector-runner/run.ts";

const folders = process.argv.slice(2);

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function report(result: Result): void {
  if (result.kind === "failed") {
    for (const finding of result.findings) say(`FAIL ${result.name}: ${finding}`);
  } else if (result.kind === "choice") {
    const answer = result.findings.length === 0 ? "we agree" : `we differ: ${result.findings.join("; ")}`;
    say(`CHOICE ${result.name}: ${answer}. The question: ${result.question}`);
  }
}

function main(): number {
  if (folders.length === 0) {
    say("Name at least one folder with vector files: npm run vectors -- test/vectors");
    return 1;
  }
  let unreadable = 0;
  const results: Result[] = [];
  for (const folder of folders) {
    try {
      results.push(...runVectors(folder));
    } catch (error) {
      if (!(error instanceof VectorsError)) throw error;
      say(`ERROR ${error.message}`);
      unreadable++;
    }
  }
  results.forEach(report);
  const count = (kind: Result["kind"]): number => results.filter((each) => each.kind === kind).length;
  const choices = results.filter((each) => each.kind === "choice");
  const agreed = choices.filter((each) => each.findings.length === 0).length;
  say(
    `${choices.length} implementation choices, ${agreed} as in the vector; why is in hardware/pdu/README.md`,
  );
  if (unreadable > 0) say(`${unreadable} of ${folders.length} folders could not be run`);
  say(`${count("passed")} passed, ${count("failed")} failed`);
  return count("failed") > 0 || unreadable > 0 ? 1 : 0;
}

process.exitCode = main();
