/** The explanation as it grows: which rules were looked at, in which order, with what result. */
import type { Explained } from "./types.ts";

export class Trail {
  readonly entries: Explained[] = [];

  passed(rule: string, detail: string): void {
    this.entries.push({ rule, outcome: "passed", detail });
  }

  blocked(rule: string, detail: string): void {
    this.entries.push({ rule, outcome: "blocked", detail });
  }

  applied(rule: string, detail: string): void {
    this.entries.push({ rule, outcome: "applied", detail });
  }

  noted(rule: string, detail: string): void {
    this.entries.push({ rule, outcome: "noted", detail });
  }
}
