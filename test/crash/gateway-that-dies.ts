/**
 * A program: a gateway on real ports that ends itself with SIGKILL at the place it is told. It speaks
 * with whoever forked it: `Ready` when it listens, `Armed` when it knows where to die.
 */
import { flushCompileCache } from "node:module";
import type { CheckpointName } from "#gateway/checkpoints.ts";
import { GatewaySettings } from "#gateway/config.ts";
import { startGateway } from "#gateway/main.ts";
import { parsePortAddress } from "#hardware/port/address.ts";
import { portOpener } from "#hardware/port/open.ts";
import { createClock, systemClock } from "#shared/clock.ts";
import { silentLogger } from "#shared/logger.ts";
import { type WirePlace, watched } from "./wire.ts";

export type Place = CheckpointName | WirePlace;

export interface Death {
  readonly place: Place;
  /** It dies there at this time, counted from 1. */
  readonly nth: number;
}

/** As JSON in the first argument. */
export interface Birth {
  readonly dataDir: string;
  readonly ports: readonly string[];
  /** How far its clock is ahead of the world's. */
  readonly aheadMs: number;
  /** Recipients that its SIMs may reach; all when absent. */
  readonly prefixes?: readonly string[];
  /** Known from the beginning, for places of the start. */
  readonly death?: Death;
  /** A key is made when nobody has one. */
  readonly key?: string;
}

export type FromChild =
  | { readonly kind: "ready"; readonly address: string; readonly key: string }
  | { readonly kind: "armed" };

/** Ports are named so, and the settings want no more of them. */
const NUMBERS = { homeCountry: "DE", allowUnassigned: true };

if (process.argv[1] === import.meta.filename) await live(JSON.parse(process.argv[2] ?? "{}") as Birth);

async function live(birth: Birth): Promise<void> {
  let death = birth.death;
  let left = death?.nth ?? 0;
  const reached = (place: Place): void => {
    if (place === death?.place && --left === 0) process.kill(process.pid, "SIGKILL");
  };
  const say = (message: FromChild): void => void process.send?.(message);
  // Nobody is there any more who would end it.
  process.once("disconnect", () => process.exit());
  process.on("message", (message: Death) => {
    death = message;
    left = message.nth;
    say({ kind: "armed" });
  });
  const settings = GatewaySettings.parse({
    dataDir: birth.dataDir,
    http: { port: 0 },
    numbers: NUMBERS,
    webhooks: { allowedNetworks: ["127.0.0.0/8"] },
    modems: birth.ports.map((port, i) => ({ name: `modem${i}`, port })),
    ...(birth.prefixes === undefined ? {} : { limits: { allowedPrefixes: birth.prefixes } }),
  });
  const gateway = await startGateway(settings, {
    clock: birth.aheadMs === 0 ? systemClock : createClock(1, systemClock.now() + birth.aheadMs),
    log: silentLogger,
    checkpoint: reached,
    openPort: ({ port }) => watched(portOpener(parsePortAddress(port)), reached),
  });
  const key = birth.key ?? (await gateway.keys.create({ name: "crash", scopes: ["admin"] })).text;
  say({ kind: "ready", address: gateway.address, key });
  // A process that is killed leaves none behind.
  flushCompileCache();
}
