/** What the gateway counts, as Prometheus reads it. Numbers are looked up when asked for, not kept twice. */
import { Gauge, type Metric, type Registry } from "prom-client";
import type { CoreMetrics, Histogram } from "#gateway/core-metrics.ts";
import type { HttpDeps } from "./deps.ts";

type Labelled = readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[];

export function measureGateway(deps: HttpDeps): void {
  const { metrics, counts } = deps;
  const table = (source: Readonly<Record<string, number>>, label: string): Labelled =>
    Object.entries(source).map(([name, value]) => [{ [label]: name }, value]);

  gauge(metrics, "dunlin_modems", "Modems by state.", ["state"], () =>
    table(countBy(counts().modems.map((modem) => modem.state)), "state"),
  );
  gauge(metrics, "dunlin_modem_signal_dbm", "Signal strength of each modem.", ["modem"], () =>
    counts().modems.flatMap(({ name, signalDbm }) =>
      signalDbm === undefined ? [] : [[{ modem: name }, signalDbm] as const],
    ),
  );
  gauge(metrics, "dunlin_segments", "Segments that are open now, by state.", ["state"], () =>
    table({ ...counts().segments }, "state"),
  );
  counter(metrics, "dunlin_segment_moves_total", "Segments that came into a state.", ["state"], () =>
    table(counts().entered as Record<string, number>, "state"),
  );
  counter(metrics, "dunlin_submits_total", "Answers of modems to a submit, by outcome.", ["outcome"], () =>
    table(counts().attempts, "outcome"),
  );
  counter(metrics, "dunlin_reports_total", "Delivery reports, by what they fitted.", ["disposition"], () =>
    table({ ...counts().reports }, "disposition"),
  );
  counter(
    metrics,
    "dunlin_inbound_total",
    "Received messages, by what became of them.",
    ["disposition"],
    () => table({ ...counts().inbound }, "disposition"),
  );
  gauge(metrics, "dunlin_webhook_pending", "Events that wait to be posted, by webhook.", ["webhook"], () =>
    deps.webhooks.list().map(({ id, pending }) => [{ webhook: id }, pending] as const),
  );
  metrics.registerMetric(submitSeconds(counts) as unknown as Metric);
}

function countBy(names: readonly string[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const name of names) found[name] = (found[name] ?? 0) + 1;
  return found;
}

function gauge(
  metrics: Registry,
  name: string,
  help: string,
  labelNames: string[],
  read: () => Labelled,
): void {
  new Gauge({
    name,
    help,
    labelNames,
    registers: [metrics],
    collect() {
      this.reset();
      for (const [labels, value] of read()) this.set(labels, value);
    },
  });
}

/** A counter that is kept elsewhere: prom-client's own can only be raised, not read from a source. */
function counter(
  metrics: Registry,
  name: string,
  help: string,
  labelNames: string[],
  read: () => Labelled,
): void {
  const get = async () => ({
    name,
    help,
    type: "counter",
    aggregator: "sum",
    values: read().map(([labels, value]) => ({ labels, value })),
  });
  metrics.registerMetric({ name, help, type: "counter", labelNames, get } as unknown as Metric);
}

function submitSeconds(counts: () => CoreMetrics) {
  const name = "dunlin_submit_seconds";
  const help = "Time from AT+CMGS to the modem's answer.";
  const values = ({ buckets, sum, count }: Histogram) => [
    ...buckets.map(({ atMost, count: value }) => ({
      metricName: `${name}_bucket`,
      labels: { le: Number.isFinite(atMost) ? String(atMost) : "+Inf" },
      value,
    })),
    { metricName: `${name}_sum`, labels: {}, value: sum },
    { metricName: `${name}_count`, labels: {}, value: count },
  ];
  const get = async () => ({
    name,
    help,
    type: "histogram",
    aggregator: "sum",
    values: values(counts().submitSeconds),
  });
  return { name, help, type: "histogram", get };
}
