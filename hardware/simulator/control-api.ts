/**
 * The simulator's own HTTP side, for tests, demos and people: it moves what a modem cannot be asked to
 * move, and shows the ledger. It has no keys, so it listens on the loopback alone unless told otherwise.
 */
import type { AddressInfo } from "node:net";
import Fastify, { type FastifyInstance } from "fastify";
import type { Clock } from "#shared/clock.ts";
import { faultBody, strikeBody } from "./control/fault-schemas.ts";
import { answerProblem, ControlProblem, parsed } from "./control/problems.ts";
import {
  handsetBody,
  ledgerQuery,
  modemPatch,
  muteBody,
  networkPatch,
  pduMessage,
  REGISTRATIONS,
  ringBody,
  sampleMessage,
  textMessage,
} from "./control/schemas.ts";
import { handsetView, modemView, networkView } from "./control/views.ts";
import type { LifeAction, WorldAction } from "./faults/actions.ts";
import type { FaultSpec } from "./faults/faults.ts";
import { sendBurst } from "./network/bursts.ts";
import { latencyOf } from "./network/latency.ts";
import type { Network, SimAddress } from "./network/network.ts";
import type { OperatorRules } from "./network/operator.ts";
import { SAMPLES } from "./network/samples.ts";
import type { SimulatedModem, Simulator } from "./simulator.ts";

export interface ControlApi {
  /** `http://127.0.0.1:4080` */
  readonly address: string;
  close(): Promise<void>;
}

export interface ControlApiOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
}

const BODY_OCTETS_MAX = 1_048_576;

export async function serveControlApi(simulator: Simulator, options: ControlApiOptions): Promise<ControlApi> {
  const server = controlServer(simulator);
  const host = options.host ?? "127.0.0.1";
  await server.listen({ port: options.port, host });
  const { port } = server.server.address() as AddressInfo;
  return {
    address: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    close: () => server.close(),
  };
}

/** Without a socket, for `inject`. */
export function controlServer(simulator: Simulator): FastifyInstance {
  const server = Fastify({ bodyLimit: BODY_OCTETS_MAX, forceCloseConnections: true });
  server.setErrorHandler(answerProblem);
  server.setNotFoundHandler((request) => {
    throw new ControlProblem(404, "There is nothing here", `${request.method} ${request.url}`);
  });
  server.get("/", async () => ({
    modems: simulator.modems.length,
    handsets: simulator.network.subscribers.handsets().length,
    submitted: simulator.ledger.count,
    faults: simulator.faults.list().length,
    time: new Date(simulator.clock.now()).toISOString(),
  }));
  modemRoutes(server, simulator);
  networkRoutes(server, simulator);
  handsetRoutes(server, simulator);
  faultRoutes(server, simulator);
  ledgerRoutes(server, simulator);
  return server;
}

function modemNamed(simulator: Simulator, params: unknown): SimulatedModem {
  const { name } = params as { name: string };
  const modem = simulator.modems.find((known) => known.name === name);
  if (modem) return modem;
  const names = simulator.modems.map((known) => known.name).join(", ");
  throw new ControlProblem(404, "No such modem", `no modem "${name}"; there are ${names}`);
}

function modemRoutes(server: FastifyInstance, simulator: Simulator): void {
  server.get("/modems", async () => ({ modems: simulator.modems.map(modemView) }));
  server.get("/modems/:name", async ({ params }) => modemView(modemNamed(simulator, params)));
  server.get("/modems/:name/traffic", async ({ params }) => ({
    entries: modemNamed(simulator, params).traffic.entries,
  }));
  server.patch("/modems/:name", async ({ params, body }) => {
    const modem = modemNamed(simulator, params);
    const { signal, registration, domains, latency, lastReference } = parsed(modemPatch, body);
    if (latency !== undefined) modem.modem.latency = latencyOf(latency);
    if (lastReference !== undefined) modem.modem.reference.last = lastReference;
    if (signal !== undefined) modem.modem.radio.signal = signal;
    if (registration !== undefined) modem.modem.radio.register(REGISTRATIONS[registration], domains);
    return modemView(modem);
  });
  const act = (path: string, action: (modem: SimulatedModem, body: unknown) => void): void => {
    server.post(`/modems/:name/${path}`, async ({ params, body }) => {
      const modem = modemNamed(simulator, params);
      action(modem, body);
      return modemView(modem);
    });
  };
  act("unplug", (modem) => modem.unplug());
  act("replug", (modem) => modem.replug());
  act("reset", (modem) => modem.reset());
  act("strike", (modem, body) => modem.strike(parsed(strikeBody, body) as LifeAction | WorldAction));
  act("mute", ({ modem }, body) => modem.hush(parsed(muteBody, body).ms));
  act("ring", ({ modem }, body) => {
    const { from, rings } = parsed(ringBody, body);
    modem.calls.ring(from, rings);
  });
}

function networkRoutes(server: FastifyInstance, { network, modems, clock }: Simulator): void {
  server.get("/network", async () => networkView(network));
  server.patch("/network", async ({ body }) => {
    const patch = parsed(networkPatch, body);
    const {
      latency,
      reportDelay,
      intermediateReports,
      recipientForm,
      refusal,
      timeZoneQuarters,
      daylightHours,
    } = patch;
    const { settings } = network;
    if (timeZoneQuarters !== undefined) {
      network.setTimeZone(timeZoneQuarters);
      for (const { modem } of modems) modem.time.take(timeZoneQuarters, daylightHours);
    }
    if (latency !== undefined) settings.latency = latencyOf(latency);
    if (reportDelay !== undefined) settings.reportDelay = latencyOf(reportDelay);
    if (intermediateReports !== undefined) settings.intermediateReports = intermediateReports;
    if (recipientForm !== undefined) settings.recipientForm = recipientForm;
    if (patch.operator !== undefined) {
      network.operator.impose((patch.operator ?? undefined) as OperatorRules | undefined);
    }
    if (refusal !== undefined) network.refusal = refusal ?? undefined;
    return networkView(network);
  });
  server.post("/messages", async ({ body }, reply) => {
    reply.status(201);
    const has = (field: string): boolean => typeof body === "object" && body !== null && field in body;
    if (has("pdu")) return { parts: sendPdu(network, body) };
    return { parts: has("sample") ? sendSample(network, body) : sendText(network, clock, body) };
  });
}

function sendPdu(network: Network, body: unknown): number {
  const { to, imsi, pdu } = parsed(pduMessage, body);
  network.sendPduToSim(addressOf(to, imsi), pdu);
  return 1;
}

function sendSample(network: Network, body: unknown): number {
  const { to, imsi, sample } = parsed(sampleMessage, body);
  network.sendPduToSim(addressOf(to, imsi), SAMPLES[sample]);
  return 1;
}

/** The parts of the first message; the others follow in their time. */
function sendText(network: Network, clock: Clock, body: unknown): number {
  const {
    to,
    imsi,
    from,
    text,
    class: messageClass,
    referenceBits,
    order,
    ...burst
  } = parsed(textMessage, body);
  const message = {
    ...addressOf(to, imsi),
    from,
    text,
    ...(order !== undefined && { order }),
    ...(messageClass !== undefined && { class: messageClass }),
    ...(referenceBits !== undefined && { referenceBits }),
  };
  return sendBurst(network, clock, message, { count: burst.count ?? 1, everyMs: burst.everyMs ?? 0 });
}

/** The schemas let exactly one of them be there. */
function addressOf(to: string | undefined, imsi: string | undefined): SimAddress {
  return imsi === undefined ? { to: to ?? "" } : { imsi };
}

function handsetRoutes(server: FastifyInstance, simulator: Simulator): void {
  const { subscribers } = simulator.network;
  server.get("/handsets", async () => ({ handsets: subscribers.handsets().map(handsetView) }));
  server.get("/handsets/:number", async ({ params }) => {
    const { number } = params as { number: string };
    const handset = subscribers.knownHandset(number);
    return handset ? handsetView(handset) : { number, state: "on", configured: false };
  });
  server.put("/handsets/:number", async ({ params, body }) => {
    const { state, slowMs, replies, forMs } = parsed(handsetBody, body);
    const handset = simulator.handset((params as { number: string }).number);
    if (slowMs !== undefined) handset.slowMs = slowMs;
    if (replies !== undefined) handset.script(replies as Parameters<typeof handset.script>[0]);
    if (state !== undefined) handset.become(state, forMs);
    return handsetView(handset);
  });
}

function faultRoutes(server: FastifyInstance, { faults }: Simulator): void {
  server.get("/faults", async () => ({ faults: faults.list() }));
  server.post("/faults", async ({ body }, reply) => {
    reply.status(201);
    return { id: faults.arm(parsed(faultBody, body) as FaultSpec) };
  });
  server.delete("/faults", async (_request, reply) => {
    faults.disarmAll();
    return reply.status(204).send();
  });
  server.delete("/faults/:id", async ({ params }, reply) => {
    const { id } = params as { id: string };
    if (!faults.disarm(id)) throw new ControlProblem(404, "No such fault", `no fault "${id}" is armed`);
    return reply.status(204).send();
  });
}

function ledgerRoutes(server: FastifyInstance, { ledger }: Simulator): void {
  server.get("/ledger", async ({ query }) => {
    const filter = parsed(ledgerQuery, query);
    const entries = ledger.entries(filter as Parameters<typeof ledger.entries>[0]);
    return { count: ledger.count, forgotten: ledger.forgotten, entries };
  });
  server.get("/ledger/:sequence", async ({ params }) => {
    const { sequence } = params as { sequence: string };
    const entry = ledger.at(Number(sequence));
    if (entry) return entry;
    throw new ControlProblem(
      404,
      "No such entry",
      `the ledger holds no entry ${sequence} of ${ledger.count}`,
    );
  });
}
