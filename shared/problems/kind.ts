export interface ProblemKind {
  /** HTTP status. */
  readonly status: number;
  /** What is wrong, the same for every occurrence. */
  readonly title: string;
  /** What the reader can do about it. */
  readonly remedy: string;
  /** True when the same request may succeed later without a change. */
  readonly retryable: boolean;
}

export type ProblemCatalogue = Readonly<Record<string, ProblemKind>>;
