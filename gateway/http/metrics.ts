/** What the gateway counts, as Prometheus reads it. Numbers are looked up when asked for, not kept twice. */
import type { Metric } from "prom-client";
import type { CoreMetrics, Histogram } from "#gateway/core-metrics.ts";
import { addReading, type Labelled, labelled } from "#shared/metrics.ts";
import type { HttpDeps } from "./deps.ts";

export function measureGateway(deps: HttpDeps): void {
  const { metrics, counts } = deps;
  const add = (type: "gauge" | "counter", name: string, help: string, read: () => Labelled): void =>
    addReading(metrics, { name, help, type, read });

  add("gauge", "dunlin_modems", "Modems by state.", () =>
    labelled(countBy(counts().modems.map((modem) => modem.state)), "state"),
  );
  add("gauge", "dunlin_modem_signal_dbm", "Signal strength of each modem.", () =>
    counts().modems.flatMap(({ name, signalDbm }) =>
      signalDbm === undefined ? [] : [[{ modem: name }, signalDbm] as const],
    ),
  );
  add("gauge", "dunlin_segments", "Segments that are open now, by state.", () =>
    labelled({ ...counts().segments }, "state"),
  );
  add("counter", "dunlin_segment_moves_total", "Segments that came into a state.", () =>
    labelled(counts().entered as Record<string, number>, "state"),
  );
  add("counter", "dunlin_submits_total", "Answers of modems to a submit, by outcome.", () =>
    labelled(counts().attempts, "outcome"),
  );
  add(
    "counter",
    "dunlin_gateway_unknown_total",
    "Segments of which nobody knew whether they were sent.",
    () => [[{}, counts().entered.unknown ?? 0]],
  );
  add(
    "counter",
    "dunlin_gateway_unknown_settled_total",
    "Those that were settled, by what settled them.",
    () => labelled(counts().unknownSettled, "evidence"),
  );
  add("counter", "dunlin_reports_total", "Delivery reports, by what they fitted.", () =>
    labelled({ ...counts().reports }, "disposition"),
  );
  add("counter", "dunlin_inbound_total", "Received messages, by what became of them.", () =>
    labelled({ ...counts().inbound }, "disposition"),
  );
  add("gauge", "dunlin_webhook_pending", "Events that wait to be posted, by webhook.", () =>
    deps.webhooks.list().map(({ id, pending }) => [{ webhook: id }, pending] as const),
  );
  metrics.registerMetric(submitSeconds(counts) as unknown as Metric);
}

function countBy(names: readonly string[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const name of names) found[name] = (found[name] ?? 0) + 1;
  return found;
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
