/**
 * What an operator does to a SIM that sends too much: it slows down, refuses, drops without a word, bans.
 * Counted for each IMSI.
 */

export interface OperatorRules {
  /** Token bucket: `perMinute` refill it, `burst` (default 1) fill it. */
  readonly perMinute?: number;
  readonly burst?: number;
  readonly perDay?: number;
  /** Different numbers in a day. */
  readonly recipientsPerDay?: number;
  /** CMS codes of what goes beyond (one by chance), or `drop`: accepted, never delivered, never reported. */
  readonly over?: readonly number[] | "drop";
  /** After so many messages beyond, everything is refused with `over`, or CMS 8 when that is `drop`. */
  readonly banAfter?: number;
  /** A ban ends after that; never when absent. */
  readonly liftAfterMs?: number;
  /** A regular expression; a text that matches is refused with CMS 21. */
  readonly filter?: string;
  /** No credit: every message is refused with 8, 41 or 127. */
  readonly noCredit?: boolean;
}

export type Verdict =
  | { readonly kind: "pass" }
  | { readonly kind: "refuse"; readonly cms: number }
  | { readonly kind: "drop" };

interface Account {
  tokens: number;
  filledAt: number;
  day: number;
  today: number;
  readonly recipients: Set<string>;
  beyond: number;
  bannedAt: number | undefined;
}

export interface Submission {
  readonly imsi: string;
  readonly recipient: string;
  readonly content: () => string | undefined;
  /** Wall clock, milliseconds. */
  readonly at: number;
}

const PASS: Verdict = { kind: "pass" };
const DAY_MS = 86_400_000;
const CMS = {
  barred: 8,
  rejected: 21,
  outOfOrder: 38,
  temporary: 41,
  congestion: 42,
  interworking: 127,
} as const;
const OVER = [CMS.congestion, CMS.outOfOrder, CMS.temporary];
const NO_CREDIT = [CMS.barred, CMS.temporary, CMS.interworking];

export class Operator {
  readonly #choose: (codes: readonly number[]) => number;
  readonly #accounts = new Map<string, Account>();
  #rules: OperatorRules | undefined;
  #filter: RegExp | undefined;

  constructor(choose: (codes: readonly number[]) => number) {
    this.#choose = choose;
  }

  get rules(): OperatorRules | undefined {
    return this.#rules;
  }

  /** Counting begins anew. @throws SyntaxError when the filter is no regular expression */
  impose(rules: OperatorRules | undefined): void {
    this.#filter = rules?.filter === undefined ? undefined : new RegExp(rules.filter, "iu");
    this.#rules = rules;
    this.#accounts.clear();
  }

  /** The SIM is as a new one. */
  lift(imsi: string): void {
    this.#accounts.delete(imsi);
  }

  judge(submission: Submission): Verdict {
    const rules = this.#rules;
    if (rules === undefined) return PASS;
    if (rules.noCredit) return { kind: "refuse", cms: this.#choose(NO_CREDIT) };
    const account = this.#account(submission, rules);
    if (isBanned(account, rules, submission.at)) return this.#refuse(rules);
    if (this.#filter?.test(submission.content() ?? "")) return { kind: "refuse", cms: CMS.rejected };
    if (takes(account, rules, submission)) return PASS;
    account.beyond++;
    if (rules.banAfter !== undefined && account.beyond >= rules.banAfter) account.bannedAt = submission.at;
    return rules.over === "drop" ? { kind: "drop" } : this.#refuse(rules);
  }

  #refuse({ over }: OperatorRules): Verdict {
    const codes = over === undefined ? OVER : over === "drop" ? [CMS.barred] : over;
    return { kind: "refuse", cms: this.#choose(codes) };
  }

  #account({ imsi, at }: Submission, { perMinute = 0, burst = 1 }: OperatorRules): Account {
    const day = Math.floor(at / DAY_MS);
    let account = this.#accounts.get(imsi);
    if (account === undefined) {
      const fresh = { tokens: burst, filledAt: at, day, today: 0, beyond: 0, bannedAt: undefined };
      account = { ...fresh, recipients: new Set<string>() };
      this.#accounts.set(imsi, account);
    }
    account.tokens = Math.min(burst, account.tokens + ((at - account.filledAt) / 60_000) * perMinute);
    account.filledAt = at;
    if (account.day === day) return account;
    account.day = day;
    account.today = 0;
    account.recipients.clear();
    return account;
  }
}

function isBanned(account: Account, { liftAfterMs }: OperatorRules, at: number): boolean {
  if (account.bannedAt === undefined) return false;
  if (liftAfterMs === undefined || at - account.bannedAt < liftAfterMs) return true;
  account.bannedAt = undefined;
  account.beyond = 0;
  return false;
}

/** Counts the message when it lies within all limits. */
function takes(account: Account, rules: OperatorRules, { recipient }: Submission): boolean {
  const { perMinute, perDay, recipientsPerDay } = rules;
  if (perDay !== undefined && account.today >= perDay) return false;
  const isNew = !account.recipients.has(recipient);
  if (recipientsPerDay !== undefined && isNew && account.recipients.size >= recipientsPerDay) return false;
  if (perMinute !== undefined) {
    // A hair below one is one: the refill adds up fractions.
    if (account.tokens < 1 - 1e-9) return false;
    account.tokens--;
  }
  account.today++;
  if (recipientsPerDay !== undefined) account.recipients.add(recipient);
  return true;
}
