/** A ladder with dates, for a due date that somebody gives: what "14 days after" means in this month. */
import { addDays, type LocalDate, weekday } from "#shared/local-date.ts";
import type { PolicyDocument } from "./document.ts";
import { WEEKDAYS } from "./hours.ts";
import { readyPolicy } from "./ready.ts";
import { createCatalogue } from "./templates/types.ts";

export interface PreviewLine {
  readonly stepId: string;
  readonly date: LocalDate;
  readonly weekday: string;
  /** "14 days after the due date" */
  readonly offset: string;
}

/** Business days are counted Monday to Friday here; holidays depend on the debtor. */
export function previewLadder(document: PolicyDocument, dueDate: LocalDate): PreviewLine[] {
  return readyPolicy(document, createCatalogue([])).steps.map((step) => {
    const date = step.business ? shiftWeekdays(dueDate, step.offset) : addDays(dueDate, step.offset);
    return {
      stepId: step.id,
      date,
      weekday: WEEKDAYS[weekday(date) - 1] ?? "",
      offset: offsetText(step.offset, step.business),
    };
  });
}

export function offsetText(offset: number, business: boolean): string {
  if (offset === 0) return "on the due date";
  const count = Math.abs(offset);
  const unit = `${business ? "business " : ""}${count === 1 ? "day" : "days"}`;
  return `${count} ${unit} ${offset < 0 ? "before" : "after"} the due date`;
}

function shiftWeekdays(date: LocalDate, days: number): LocalDate {
  let here = date;
  for (let left = Math.abs(days); left > 0; ) {
    here = addDays(here, Math.sign(days));
    if (weekday(here) <= 5) left--;
  }
  return here;
}
