/** smstools: smsd, driven by files. What its users write for each modem is written here for each family. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Profile } from "#hardware/simulator/profiles/types.ts";
import { eventually } from "#test/support/eventually.ts";
import { sent } from "./judge.ts";
import { Program, textOf } from "./program.ts";
import { RECIPIENT, SENDER, type Stage, type Witness, writeTo } from "./witness.ts";

const INIT_MS = 30_000;
const ARRIVAL_MS = 30_000;
const BOXES = ["outgoing", "checked", "incoming", "failed", "sent", "report", "suspend", "stats", "saved"];

export const smstools: Witness = {
  name: "smstools",
  packages: ["smstools"],
  wire: "pty",
  atOnce: 5,
  run: async (stage) => {
    const { folder } = stage;
    const daemon = new Program(
      "/usr/sbin/smsd",
      ["-t", `-c${configure(stage)}`, `-p${join(folder, "pid")}`, `-i${join(folder, "info")}`],
      { cwd: folder },
    );
    stage.cleanUp(() => daemon.end());
    const inBox = (box: string, ...parts: readonly string[]): Promise<true> =>
      eventually(`"${parts.join(" ")}" in ${box}`, ARRIVAL_MS, () => {
        daemon.mustRun();
        const texts = readdirSync(join(folder, box)).map((file) => textOf(join(folder, box, file)));
        return texts.some((text) => parts.every((part) => text.includes(part))) || undefined;
      });

    await stage.step("init", async () => {
      await eventually("smsd has set up the modem", INIT_MS, () => {
        daemon.mustRun();
        return textOf(join(folder, "log")).includes("Used memory is") || undefined;
      });
    });
    await stage.step("send", async () => {
      const text = "Hello from smstools";
      const head = [`To: ${RECIPIENT.slice(1)}`, "Report: yes"];
      writeFileSync(join(folder, "outgoing", "one"), `${head.join("\n")}\n\n${text}`);
      await sent(stage, text, ARRIVAL_MS);
    });
    await stage.step("receive", async () => {
      writeTo(stage, "Hello smstools");
      await inBox("incoming", `From: ${SENDER.slice(1)}`, "Hello smstools");
    });
    await stage.step("report", async () => {
      await inBox("report", `From: ${RECIPIENT.slice(1)}`, "Status: 0,Ok");
    });
  },
};

function configure(stage: Stage): string {
  const { folder, port, profile } = stage;
  for (const box of BOXES) mkdirSync(join(folder, box));
  const path = join(folder, "smsd.conf");
  const lines = [
    "devices = M",
    ...BOXES.filter((box) => !["suspend", "stats", "saved"].includes(box)).map(
      (box) => `${box} = ${join(folder, box)}`,
    ),
    `suspend = ${join(folder, "suspend", "file")}`,
    `logfile = ${join(folder, "log")}`,
    "loglevel = 7",
    "delaytime = 1",
    "delaytime_mainprocess = 1",
    "receive_before_send = no",
    "[M]",
    `device = ${port}`,
    "incoming = yes",
    "report = yes",
    "baudrate = 115200",
    "rtscts = no",
    `memory_start = ${profile.storage.firstIndex}`,
    `init = ${routingFor(profile)}`,
    ...memoriesFor(profile),
  ];
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

/** AT+CNMI with reports stored when the family has that, else at once: smsd reads both. */
function routingFor({ routing }: Profile): string {
  const [modes, , , reports, buffers] = routing.offered;
  const mode = [2, 1].find((value) => modes.includes(value) && !routing.refusedModes.includes(value)) ?? 0;
  const stored = routing.reportStorage !== "SR" && reports.includes(2);
  return `AT+CNMI=${mode},1,0,${stored || !reports.includes(1) ? 2 : 1},${buffers[0] ?? 0}`;
}

/** Where reports are in SR alone, smsd is told to look into that memory too. */
function memoriesFor({ routing, storage }: Profile): readonly string[] {
  const onlyInSr = routing.reportStorage === "SR" && !routing.offered[3].includes(1);
  if (!onlyInSr) return [];
  const max = storage.sizes.SR;
  return [`primary_memory = ${storage.chosen[2]}`, "secondary_memory = SR", `secondary_memory_max = ${max}`];
}
