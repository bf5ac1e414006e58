/** The gateway's service: where the core and its edge, HTTP and webhooks, meet. */
import "#shared/node-guard.ts";
import { mkdirSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { parsePortAddress } from "#hardware/port/address.ts";
import { portOpener } from "#hardware/port/open.ts";
import type { OpenPort } from "#hardware/port/port.ts";
import type { ApiKeys } from "#shared/api-keys.ts";
import { type Clock, systemClock } from "#shared/clock.ts";
import type { HttpServer } from "#shared/http-server.ts";
import { createLogger, type Logger } from "#shared/logger.ts";
import { type Random, systemRandom } from "#shared/random.ts";
import type { GatewaySettings, ModemEntry } from "./config.ts";
import { type Core, type CoreOptions, openCore } from "./core.ts";
import { databasePathIn } from "./database.ts";
import type { Edge } from "./edge.ts";

/** A port that takes longer to open is not waited for; a device on the network may take seconds. */
const PORTS_MS_MAX = 100;

export interface GatewayDeps {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly log?: Logger;
  /** In place of the port that the settings name; simulated modems in tests. */
  readonly openPort?: (modem: ModemEntry) => OpenPort;
  readonly checkpoint?: CoreOptions["checkpoint"];
  /** Checks every answer against the contract; for tests. */
  readonly checkAnswers?: boolean;
}

export interface Gateway {
  /** `http://127.0.0.1:8025` */
  readonly address: string;
  readonly core: Core;
  readonly keys: ApiKeys;
  /** Takes in nothing new, finishes the submits on the air, then resolves. */
  stop(): Promise<void>;
}

/** The address is taken by another program, or may not be used. */
export class ListenError extends Error {
  override name = "ListenError";
}

/**
 * @throws DatabaseUnavailable when another gateway holds the database
 * @throws ListenError when the address cannot be listened on
 */
export async function startGateway(settings: GatewaySettings, deps: GatewayDeps = {}): Promise<Gateway> {
  const clock = deps.clock ?? systemClock;
  const random = deps.random ?? systemRandom;
  const log = deps.log ?? createLogger({ level: settings.log.level, name: "gateway" });
  // The database holds texts and numbers: nobody else on the machine may read it.
  mkdirSync(settings.dataDir, { recursive: true, mode: 0o700 });
  const core = openCore({
    databasePath: databasePathIn(settings.dataDir),
    clock,
    random,
    log,
    modems: settings.modems.map((modem) => modemOf(modem, settings, deps)),
    limits: limitsOf(settings),
    ...defined({ checkpoint: deps.checkpoint }),
  });
  let edge: Edge | undefined;
  let stopped: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    await edge?.close();
    await core.stop();
  };
  const stop = (): Promise<void> => {
    stopped ??= end();
    return stopped;
  };
  try {
    core.start();
    await core.started;
    await portsTried(core, clock);
    const { openEdge } = await import("./edge.ts");
    edge = await openEdge({ ...deps, core, clock, random, log, settings });
    edge.webhooks.start();
    const address = await listen(edge.app, settings.http);
    log.info(
      { address, modems: settings.modems.length, dataDir: resolve(settings.dataDir) },
      "the gateway is listening",
    );
    const { keys } = edge;
    if (keys.list().length === 0) log.warn({}, "there is no key yet: `dunlin keys create NAME` makes one");
    return { address, core, keys, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Modems are mostly waited for when they start. What is loaded in that time makes nobody wait. */
async function portsTried(core: Core, clock: Clock): Promise<void> {
  const enough = new AbortController();
  await Promise.race([core.portsTried(), clock.sleep(PORTS_MS_MAX, enough.signal)]);
  enough.abort();
}

async function listen(app: HttpServer, { host, port }: GatewaySettings["http"]): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why =
      code === "EADDRINUSE"
        ? "another program listens there already; set http.port to another one"
        : code === "EACCES"
          ? "ports below 1024 need rights that a gateway should not have; set http.port to a higher one"
          : `it cannot be listened on (${code ?? String(error)}); check http.host`;
    throw new ListenError(`${host}:${port}: ${why}`, { cause: error });
  }
  const bound = app.server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${bound.port}`;
}

function modemOf(
  modem: ModemEntry,
  settings: GatewaySettings,
  deps: GatewayDeps,
): CoreOptions["modems"][number] {
  const { name, port, pin, serviceCentre, profile, bearer, submitTimeoutSeconds } = modem;
  const open =
    deps.openPort?.(modem) ??
    portOpener(parsePortAddress(port), { baudRate: modem.baudRate, rtscts: modem.hardwareFlowControl });
  const submitAnswerMs = submitTimeoutSeconds === undefined ? undefined : submitTimeoutSeconds * 1_000;
  const config = { name, port, open, settings: { pin, serviceCentre, profile, bearer, submitAnswerMs } };
  const { allowedPrefixes, limits } = modem;
  if (allowedPrefixes === undefined && limits === undefined) return config;
  const own = limits ?? settings.limits;
  return { ...config, limits: defined({ ...own, allowedPrefixes: allowedPrefixes ?? own.allowedPrefixes }) };
}

function limitsOf(settings: GatewaySettings): NonNullable<CoreOptions["limits"]> {
  return {
    ...defined(settings.limits),
    sims: Object.fromEntries(settings.sims.map(({ iccid, ...limits }) => [iccid, defined(limits)])),
    queuedSegmentsMax: settings.queue.segmentsMax,
    timeZone: settings.timeZone,
  };
}

/** A copy without the members that are undefined. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
