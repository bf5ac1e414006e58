/** When a text may leave: after every cap and interval, inside every window. */
import type { MessageClass } from "#scheduler/ledger/types.ts";
import type { CaseView } from "./case-view.ts";
import { contactLimits } from "./contacts.ts";
import { findOpening, type Opening, refusalAt } from "./windows.ts";

export type Timing =
  | {
      readonly kind: "at";
      readonly opening: Opening;
      /** The rule that moved the instant furthest; "window.open" when none did. */
      readonly rule: string;
      readonly because: string;
    }
  | { readonly kind: "never"; readonly rule: string; readonly because: string };

/** A bound of the caller's own. */
export interface NotBefore {
  readonly at: number;
  readonly rule: string;
  readonly because: string;
}

/**
 * @param zoneNames every zone the debtor may be in
 * @param notBefore a further bound, such as the day after a failed attempt
 */
export function timeFor(
  view: CaseView,
  messageClass: MessageClass,
  zoneNames: readonly string[],
  notBefore: NotBefore | undefined,
): Timing {
  const { now, trail, zones, calendar, law, policy, facts } = view;
  let from = now;
  let moved: { rule: string; because: string } | undefined;
  const limits = contactLimits({
    law,
    policy,
    contacts: facts.contacts,
    class: messageClass,
    zones,
    zoneNames,
  });
  if (notBefore !== undefined)
    limits.push({ rule: notBefore.rule, at: notBefore.at, detail: notBefore.because });
  for (const { rule, at, detail } of limits) {
    if (at <= now) trail.passed(rule, detail);
    else trail.blocked(rule, `${detail}: not before ${new Date(at).toISOString()}`);
    if (at > from) [from, moved] = [at, { rule, because: detail }];
  }
  const refusal = refusalAt(zones, zoneNames, calendar, from);
  const opening = findOpening(zones, zoneNames, calendar, from);
  if (opening === undefined) {
    const rule = refusal ?? "window.no-common-hour";
    return { kind: "never", rule, because: `no common contact hour of ${zoneNames.join(", ")} comes soon` };
  }
  if (opening.at > from) {
    const rule = refusal ?? "window.too-short";
    const because = `contact hours open at ${new Date(opening.at).toISOString()} in ${zoneNames.join(", ")}`;
    return { kind: "at", opening, rule, because };
  }
  if (moved !== undefined) return { kind: "at", opening, ...moved };
  for (const { id } of law.hours) trail.passed(id, `open until ${new Date(opening.end).toISOString()}`);
  if (policy.document.hours !== undefined) trail.passed("policy.hours", "open");
  return { kind: "at", opening, rule: "window.open", because: "inside the contact hours of every zone" };
}
