/** Kannel: bearerbox with its AT driver, and smsbox; messages and reports come to us by HTTP. */
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { join } from "node:path";
import type { Profile } from "#hardware/simulator/profiles/types.ts";
import { eventually } from "#test/support/eventually.ts";
import { must, sent } from "./judge.ts";
import { Program } from "./program.ts";
import { RECIPIENT, SENDER, type Stage, type Witness, writeTo } from "./witness.ts";

const INIT_MS = 40_000;
const ARRIVAL_MS = 25_000;

interface Ports {
  readonly admin: number;
  readonly smsbox: number;
  readonly sendsms: number;
  readonly hook: number;
}

export const kannel: Witness = {
  name: "kannel",
  packages: ["kannel"],
  wire: "pty",
  atOnce: 5,
  run: async (stage) => {
    const { folder } = stage;
    const heard: URL[] = [];
    const hook = createServer((request, response) => {
      heard.push(new URL(request.url ?? "/", "http://localhost"));
      response.end();
    });
    stage.cleanUp(() => closed(hook));
    const ports = await choosePorts(await listening(hook));
    const configuration = configure(stage, ports);
    const start = (box: string): Program => {
      const program = new Program(`/usr/sbin/${box}`, [configuration], { cwd: folder });
      stage.cleanUp(() => program.end());
      return program;
    };
    const arrives = (path: string, from: string, says: string): Promise<true> =>
      eventually(`Kannel calls ${path} with "${says}"`, ARRIVAL_MS, () => {
        const ours = heard
          .filter(({ pathname }) => pathname === path)
          .map(({ searchParams }) => searchParams);
        return ours.some((call) => call.get("from") === from && call.get("says") === says) || undefined;
      });

    const bearerbox = start("bearerbox");
    await stage.step("init", async () => {
      await status(ports, bearerbox, "Status:");
      const smsbox = start("smsbox");
      await status(ports, bearerbox, "(online");
      await status(ports, smsbox, "smsbox:");
    });
    await stage.step("send", async () => {
      const text = "Hello from Kannel";
      const dlrUrl = `http://127.0.0.1:${ports.hook}/report?from=%p&says=%d`;
      const query = { username: "u", password: "p", to: RECIPIENT, from: "1", text };
      const report = { "dlr-mask": "3", "dlr-url": dlrUrl };
      const words = new URLSearchParams({ ...query, ...report });
      const answer = await fetch(`http://127.0.0.1:${ports.sendsms}/cgi-bin/sendsms?${words}`);
      must(await answer.text(), "Accepted");
      await sent(stage, text, ARRIVAL_MS);
    });
    await stage.step("receive", async () => {
      writeTo(stage, "Hello Kannel");
      await arrives("/message", SENDER, "Hello Kannel");
    });
    await stage.step("report", () => arrives("/report", RECIPIENT, "1").then(() => undefined));
  },
};

async function status({ admin }: Ports, program: Program, word: string): Promise<void> {
  await eventually(`Kannel's status page says "${word}"`, INIT_MS, async () => {
    program.mustRun();
    const page = await fetch(`http://127.0.0.1:${admin}/status.txt?password=p`)
      .then((answer) => answer.text())
      .catch(() => "");
    return page.includes(word) || undefined;
  });
}

function configure({ folder, port, profile }: Stage, ports: Ports): string {
  const path = join(folder, "kannel.conf");
  const groups = [
    [
      "group = core",
      `admin-port = ${ports.admin}`,
      "admin-password = p",
      `smsbox-port = ${ports.smsbox}`,
      "box-allow-ip = 127.0.0.1",
      "dlr-storage = internal",
      `log-file = ${join(folder, "bearerbox.log")}`,
      "log-level = 0",
    ],
    [
      "group = smsc",
      "smsc = at",
      "smsc-id = M",
      "modemtype = family",
      `device = ${port}`,
      "speed = 115200",
      "sim-buffering = true",
    ],
    [
      "group = modems",
      "id = family",
      `name = "${profile.name}"`,
      `init-string = "${routingFor(profile)}"`,
      "hardware-flow-control = false",
      `message-storage = "${profile.storage.chosen[2]}"`,
      `message-start = ${profile.storage.firstIndex}`,
    ],
    [
      "group = smsbox",
      "bearerbox-host = 127.0.0.1",
      `sendsms-port = ${ports.sendsms}`,
      "global-sender = 1",
      `log-file = ${join(folder, "smsbox.log")}`,
      "log-level = 0",
    ],
    ["group = sendsms-user", "username = u", "password = p", "concatenation = true", "max-messages = 3"],
    [
      "group = sms-service",
      "keyword = default",
      "catch-all = true",
      "max-messages = 0",
      `get-url = "http://127.0.0.1:${ports.hook}/message?from=%p&says=%a"`,
    ],
  ];
  writeFileSync(path, groups.map((lines) => `${lines.join("\n")}\n`).join("\n"));
  return path;
}

/** AT+CNMI with messages stored, and reports at once where the family has that and spells `+CDS: 25` so. */
function routingFor({ routing }: Profile): string {
  const [modes, , , reports, buffers] = routing.offered;
  const atOnce = reports.includes(1) && routing.cdsHead === "";
  const mode = [2, 1].find((value) => modes.includes(value) && !routing.refusedModes.includes(value)) ?? 0;
  return `AT+CNMI=${mode},1,0,${atOnce ? 1 : 2},${buffers[0] ?? 0}`;
}

/** Free a moment ago: nobody else here asks for ports at the same time in this number. */
async function choosePorts(hook: number): Promise<Ports> {
  const servers = [createTcpServer(), createTcpServer(), createTcpServer()];
  const [admin = 0, smsbox = 0, sendsms = 0] = await Promise.all(servers.map(listening));
  await Promise.all(servers.map(closed));
  return { admin, smsbox, sendsms, hook };
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
