/** Numbers for Prometheus that are kept elsewhere, and looked up only when somebody asks for them. */
import type { Metric, Registry } from "prom-client";

export type Labelled = readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[];

export interface Reading {
  readonly name: string;
  readonly help: string;
  readonly type: "gauge" | "counter";
  readonly read: () => Labelled;
}

/** prom-client's own counters can only be raised, so a reading is a metric of its own kind. */
export function addReading(metrics: Registry, { name, help, type, read }: Reading): void {
  const get = async () => ({
    name,
    help,
    type,
    aggregator: "sum",
    values: read().map(([labels, value]) => ({ labels, value })),
  });
  metrics.registerMetric({ name, help, type, get } as unknown as Metric);
}

/** One row for each member of a table, with its name as the label. */
export function labelled(table: Readonly<Record<string, number>>, label: string): Labelled {
  return Object.entries(table).map(([name, value]) => [{ [label]: name }, value]);
}
