/** A gateway that is killed and started again on the same database, the same pty and the same phone network. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { callJson } from "#bin/demo/client.ts";
import { createSimulator, type SimulatedModem, type Simulator } from "#hardware/simulator/simulator.ts";
import { servePty } from "#hardware/simulator/transports/pty.ts";
import type { Served } from "#hardware/simulator/transports/served.ts";
import { systemClock } from "#shared/clock.ts";
import type { GatewayEvent, InboundMessage, Message } from "#shared/gateway-api.ts";
import { seededRandom } from "#shared/random.ts";
import { eventually } from "#test/support/eventually.ts";
import { keep } from "#test/support/kept.ts";
import { openReceiver, type Receiver } from "#test/support/receiver.ts";
import type { Birth, Death, FromChild } from "./gateway-that-dies.ts";

const PROGRAM = fileURLToPath(new URL("gateway-that-dies.ts", import.meta.url));
const READY_MS = 30_000;
/** From the order to die at a place until the process is dead. */
const DEATH_MS = 30_000;
/** In which a segment is on the air. */
const NETWORK_MS = 200;
const REPORT_MS = 50;
const PAGE = 200;

export class Mortal implements AsyncDisposable {
  readonly simulator: Simulator;
  readonly modem: SimulatedModem;
  readonly receiver: Receiver;
  /** Events after this sequence are owed to the receiver. */
  toldAfter = 0;
  /** How far its clock is ahead of the world's. */
  aheadMs = 0;
  readonly #folder: string;
  readonly #ports: readonly Served[];
  #child: ChildProcess | undefined;
  #address = "";
  #key: string | undefined;

  private constructor(folder: string, simulator: Simulator, ports: readonly Served[], receiver: Receiver) {
    this.#folder = folder;
    this.simulator = simulator;
    this.#ports = ports;
    this.receiver = receiver;
    this.modem = simulator.modem("modem0");
  }

  static async create(): Promise<Mortal> {
    const folder = mkdtempSync(join(tmpdir(), "dunlin-mortal-"));
    const simulator = createSimulator({
      clock: systemClock,
      random: seededRandom(1),
      modems: [{ profile: "quectel-ec25" }],
      network: { latency: NETWORK_MS, reportDelay: REPORT_MS },
    });
    const ports = [await servePty(simulator.modem("modem0"), join(folder, "modem0"))];
    const mortal = new Mortal(folder, simulator, ports, await openReceiver());
    await mortal.live();
    await mortal.isReady();
    await mortal.post("/v1/webhooks", { url: mortal.receiver.url });
    mortal.toldAfter = (await mortal.events(0)).at(-1)?.sequence ?? 0;
    return mortal;
  }

  /** Starts the gateway and waits until it listens. Its clock goes ahead by so much more, and never back. */
  async live(
    options: { readonly aheadMs?: number; readonly prefixes?: readonly string[] } = {},
  ): Promise<void> {
    this.aheadMs += options.aheadMs ?? 0;
    const child = this.#fork(options);
    const ready = (await heard(child, "ready")) as Extract<FromChild, { kind: "ready" }>;
    this.#address = ready.address;
    this.#key = ready.key;
  }

  /** Starts the gateway, which dies at a place of its start. */
  async stillbirth(death: Death, options: Partial<Birth> = {}): Promise<void> {
    this.aheadMs += options.aheadMs ?? 0;
    this.#fork({ ...options, death });
    await this.dead(death);
  }

  /** From now on it knows where to die. */
  async arm(death: Death): Promise<void> {
    const child = this.#child as ChildProcess;
    const armed = heard(child, "armed");
    child.send(death);
    await armed;
  }

  /** @throws Error when the place is not reached */
  async dead({ place }: Death): Promise<void> {
    const child = this.#child as ChildProcess;
    const never = Promise.withResolvers<never>();
    const cancel = systemClock.timer(DEATH_MS, () => never.reject(new Error(`${place} was not reached`)));
    try {
      if (child.signalCode === null && child.exitCode === null)
        await Promise.race([once(child, "exit"), never.promise]);
      if (child.signalCode !== "SIGKILL") throw new Error(`it ended by itself, with ${child.exitCode}`);
    } finally {
      cancel();
    }
  }

  get imsi(): string {
    return this.modem.modem.sim?.imsi ?? "";
  }

  get iccid(): string {
    return this.modem.modem.sim?.iccid ?? "";
  }

  /** Resolves when the modem takes messages. */
  async isReady(): Promise<void> {
    await eventually("the modem is ready", READY_MS, async () => {
      const { items } = (await this.get("/v1/modems")) as { items: { state: string }[] };
      return items.every(({ state }) => state === "ready") ? true : undefined;
    });
  }

  async kill(): Promise<void> {
    const child = this.#child as ChildProcess;
    if (child.signalCode !== null || child.exitCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }

  get(path: string): Promise<unknown> {
    return callJson(`${this.#address}${path}`, "GET", undefined, this.#headers());
  }

  post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
    return callJson(`${this.#address}${path}`, "POST", body, { ...this.#headers(), ...headers });
  }

  async messages(reference: string): Promise<readonly Message[]> {
    const page = (await this.get(`/v1/messages?reference=${reference}&limit=100`)) as { items: Message[] };
    return page.items;
  }

  async inbound(): Promise<readonly InboundMessage[]> {
    return ((await this.get(`/v1/inbound?limit=${PAGE}`)) as { items: InboundMessage[] }).items;
  }

  /** Every event after this sequence. */
  async events(after: number): Promise<readonly GatewayEvent[]> {
    const all: GatewayEvent[] = [];
    for (let from = after; ; ) {
      const page = (await this.get(`/v1/events?after=${from}&limit=${PAGE}`)) as {
        items: GatewayEvent[];
        nextAfter: number;
      };
      all.push(...page.items);
      if (page.nextAfter === from) return all;
      from = page.nextAfter;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await Promise.all(this.#ports.map((port) => port.close()));
    this.simulator.stop();
    await this.receiver.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#key}` };
  }

  #fork(options: Partial<Birth>): ChildProcess {
    const birth: Birth = {
      ...options,
      dataDir: join(this.#folder, "data"),
      ports: [join(this.#folder, "modem0")],
      aheadMs: this.aheadMs,
      ...(this.#key === undefined ? {} : { key: this.#key }),
    };
    // Each process would else read and strip the same files again.
    const env = { ...process.env, NODE_COMPILE_CACHE: join(this.#folder, "compiled") };
    this.#child = keep(fork(PROGRAM, [JSON.stringify(birth)], { execArgv: [], env }), "file");
    return this.#child;
  }
}

function heard(child: ChildProcess, kind: FromChild["kind"]): Promise<FromChild> {
  return new Promise((resolve, reject) => {
    const done = (act: () => void): void => {
      cancel();
      child.off("message", look).off("exit", ended);
      act();
    };
    const look = (message: FromChild): void => {
      if (message.kind === kind) done(() => resolve(message));
    };
    const ended = (): void => done(() => reject(new Error(`the gateway ended before it was ${kind}`)));
    const cancel = systemClock.timer(READY_MS, () =>
      done(() => reject(new Error(`the gateway was not ${kind} within ${READY_MS} ms`))),
    );
    child.on("message", look).once("exit", ended);
  });
}
