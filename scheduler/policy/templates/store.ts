/** Template versions in SQLite: drafted, linted, approved, retired; never changed once written. */
import type { Database } from "#shared/sqlite.ts";
import type { LintReport } from "./lint.ts";
import { TEMPLATE_MOVES, type TemplateState, type TemplateVersion } from "./types.ts";

export interface TemplateDraft {
  readonly key: string;
  readonly language: string;
  readonly text: string;
  readonly asksReason: boolean;
  readonly transliterate: boolean;
  readonly lint: LintReport;
}

export interface StoredTemplate extends TemplateVersion {
  readonly lint: LintReport;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly approvedAt?: number;
  readonly approvedBy?: string;
}

export type ApproveResult =
  | { readonly kind: "approved"; readonly template: StoredTemplate }
  | { readonly kind: "refused"; readonly because: string }
  | { readonly kind: "not-found" };

export interface TemplateStore {
  /** The newest version when the text is what it was; else the next one, as a draft. */
  draft(draft: TemplateDraft, by: string, now: number): Promise<StoredTemplate>;
  /** Refused while the lint report has errors, and for a text that is not a draft. */
  approve(key: string, language: string, version: number, by: string, now: number): Promise<ApproveResult>;
  retire(key: string, language: string, version: number): Promise<boolean>;
  all(): Promise<readonly StoredTemplate[]>;
}

interface Row {
  readonly key: string;
  readonly language: string;
  readonly version: number;
  readonly text: string;
  readonly state: TemplateState;
  readonly asks_reason: 0 | 1;
  readonly transliterate: 0 | 1;
  readonly lint: string;
  readonly created_at: number;
  readonly created_by: string;
  readonly approved_at: number | null;
  readonly approved_by: string | null;
}

export function createTemplateStore(db: Database): TemplateStore {
  const read = (key: string, language: string, version: number): Row | undefined =>
    db
      .sql("select * from template_version where key = ? and language = ? and version = ?")
      .get(key, language, version) as Row | undefined;
  const newest = (key: string, language: string): Row | undefined =>
    db
      .sql("select * from template_version where key = ? and language = ? order by version desc limit 1")
      .get(key, language) as Row | undefined;
  return {
    draft: (draft, by, now) =>
      db.write(() => {
        const known = newest(draft.key, draft.language);
        if (known !== undefined && isSame(known, draft)) return stored(known);
        const version = (known?.version ?? 0) + 1;
        db.sql(
          `insert into template_version (key, language, version, text, state, asks_reason, transliterate,
             lint, created_at, created_by) values (?, ?, ?, ?, 'draft', ?, ?, ?, ?, ?)`,
        ).run(
          draft.key,
          draft.language,
          version,
          draft.text,
          draft.asksReason ? 1 : 0,
          draft.transliterate ? 1 : 0,
          JSON.stringify(draft.lint),
          now,
          by,
        );
        return stored(read(draft.key, draft.language, version) as Row);
      }),
    approve: (key, language, version, by, now) =>
      db.write(() => {
        const row = read(key, language, version);
        if (row === undefined) return { kind: "not-found" };
        const refused = refusal(row);
        if (refused !== undefined) return { kind: "refused", because: refused };
        db.sql(
          `update template_version set state = 'approved', approved_at = ?, approved_by = ?
           where key = ? and language = ? and version = ?`,
        ).run(now, by, key, language, version);
        return { kind: "approved", template: stored(read(key, language, version) as Row) };
      }),
    retire: (key, language, version) =>
      db.write(
        () =>
          db
            .sql(
              `update template_version set state = 'retired'
               where key = ? and language = ? and version = ? and state <> 'retired'`,
            )
            .run(key, language, version).changes > 0,
      ),
    all: async () =>
      (db.sql("select * from template_version order by key, language, version").all() as Row[]).map(stored),
  };
}

function isSame(row: Row, draft: TemplateDraft): boolean {
  return (
    row.state !== "retired" &&
    row.text === draft.text &&
    row.asks_reason === (draft.asksReason ? 1 : 0) &&
    row.transliterate === (draft.transliterate ? 1 : 0)
  );
}

function refusal(row: Row): string | undefined {
  if (!TEMPLATE_MOVES[row.state].includes("approved")) return `it is ${row.state} already`;
  const lint = JSON.parse(row.lint) as LintReport;
  const error = lint.findings.find(({ severity }) => severity === "error");
  return error && `${error.detail}. ${error.remedy}`;
}

function stored(row: Row): StoredTemplate {
  return {
    key: row.key,
    language: row.language,
    version: row.version,
    text: row.text,
    state: row.state,
    asksReason: row.asks_reason === 1,
    transliterate: row.transliterate === 1,
    lint: JSON.parse(row.lint) as LintReport,
    createdAt: row.created_at,
    createdBy: row.created_by,
    ...(row.approved_at === null ? {} : { approvedAt: row.approved_at }),
    ...(row.approved_by === null ? {} : { approvedBy: row.approved_by }),
  };
}
