/** Finds the vector files of a folder and runs every vector in them. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { checkField, FIELD_KINDS } from "./check-field.ts";
import { checkPdu, PDU_KINDS } from "./check-pdu.ts";
import { checkSegmentation } from "./check-segmentation.ts";
import {
  type AlphabetTables,
  type CodingRows,
  checkAlphabets,
  checkCodings,
  type TableCheck,
} from "./check-table.ts";
import type { Findings, Vector } from "./vector.ts";

export type Result =
  | { readonly kind: "passed"; readonly name: string }
  | { readonly kind: "failed"; readonly name: string; readonly findings: Findings }
  | {
      readonly kind: "choice";
      readonly name: string;
      readonly question: string;
      readonly findings: Findings;
    };

/** A folder or file that cannot be run at all. */
export class VectorsError extends Error {
  override name = "VectorsError";
}

/** @throws VectorsError when `path` does not exist or holds no vector. */
export function runVectors(path: string): readonly Result[] {
  const files = vectorFiles(path);
  const results = files.flatMap(runFile);
  if (results.length === 0) throw new VectorsError(`${path}: no vectors there (looked for *.json)`);
  return results;
}

function vectorFiles(path: string): readonly string[] {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry === undefined) throw new VectorsError(`${path}: no such folder`);
  if (entry.isFile()) return [path];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => join(path, name));
}

function runFile(file: string): readonly Result[] {
  const label = basename(file);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    return [failed(label, `not JSON: ${error instanceof Error ? error.message : error}`)];
  }
  if (Array.isArray(content)) return content.map((vector: Vector) => runVector(vector, label));
  if (isTable(content, "tables"))
    return tableResults(label, () => checkAlphabets(content as unknown as AlphabetTables));
  if (isTable(content, "rows"))
    return tableResults(label, () => checkCodings(content as unknown as CodingRows));
  return [failed(label, "neither a list of vectors nor one of the two tables")];
}

function isTable(content: unknown, key: string): content is Record<string, unknown> {
  return typeof content === "object" && content !== null && key in content;
}

function tableResults(label: string, check: () => readonly TableCheck[]): readonly Result[] {
  return check().map(({ name, findings }) =>
    findings.length === 0
      ? { kind: "passed", name: `${label} ${name}` }
      : { kind: "failed", name: `${label} ${name}`, findings },
  );
}

function runVector(vector: Vector, label: string): Result {
  const name = `${vector.id ?? label} ${vector.kind}, ${vector.name}`;
  let findings: Findings;
  try {
    findings = checkVector(vector);
  } catch (error) {
    findings = [`stopped: ${error instanceof Error ? (error.stack ?? error.message) : error}`];
  }
  const question = vector.implementation_choice;
  if (question !== undefined) return { kind: "choice", name, question, findings };
  return findings.length === 0 ? { kind: "passed", name } : { kind: "failed", name, findings };
}

function checkVector(vector: Vector): Findings {
  if (PDU_KINDS.includes(vector.kind)) return checkPdu(vector);
  if (FIELD_KINDS.includes(vector.kind)) return checkField(vector);
  if (vector.kind === "segmentation") return checkSegmentation(vector);
  return [`unknown kind ${vector.kind}`];
}

function failed(name: string, finding: string): Result {
  return { kind: "failed", name, findings: [finding] };
}
