/** gammu-smsd with its files service: a folder in, folders out. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "#test/support/eventually.ts";
import { gammuLines } from "./gammu.ts";
import { sent } from "./judge.ts";
import { ask, Program, textOf } from "./program.ts";
import { RECIPIENT, SENDER, type Stage, type Witness, writeTo } from "./witness.ts";

const INIT_MS = 25_000;
const INJECT_MS = 10_000;
const ARRIVAL_MS = 25_000;

export const gammuSmsd: Witness = {
  name: "gammu-smsd",
  packages: ["gammu", "gammu-smsd"],
  wire: "pty",
  atOnce: 5,
  run: async (stage) => {
    const { folder } = stage;
    const configuration = configure(stage);
    const daemon = new Program("gammu-smsd", ["-c", configuration], { cwd: folder });
    stage.cleanUp(() => daemon.end());
    const inbox = (part: string, text: string): Promise<true> =>
      eventually(`"${text}" from ${part} in the inbox`, ARRIVAL_MS, () => {
        daemon.mustRun();
        const files = readdirSync(join(folder, "inbox")).filter((file) => file.includes(part));
        return files.some((file) => textOf(join(folder, "inbox", file)).includes(text)) || undefined;
      });

    await stage.step("init", async () => {
      const once = ["-c", configuration, "-n", "1", "-d", "1"];
      await eventually("gammu-smsd-monitor knows the IMEI", INIT_MS, async () => {
        daemon.mustRun();
        const said = await ask("gammu-smsd-monitor", once, { timeoutMs: INJECT_MS }).catch(() => "");
        return said.includes(stage.modem.imei) || undefined;
      });
    });
    await stage.step("send", async () => {
      const text = `gammu-smsd cuts this in two. ${"Two parts it takes. ".repeat(9)}End`;
      const flags = ["TEXT", RECIPIENT, "-report", "-len", String(text.length), "-text", text];
      await ask("gammu-smsd-inject", ["-c", configuration, ...flags], { timeoutMs: INJECT_MS });
      await sent(stage, text, ARRIVAL_MS);
    });
    await stage.step("receive", async () => {
      writeTo(stage, "Hello gammu-smsd");
      await inbox(`_${SENDER}_`, "Hello gammu-smsd");
    });
    await stage.step("report", async () => {
      await inbox(`_${RECIPIENT}_`, "Delivered");
    });
  },
};

function configure(stage: Stage): string {
  const { folder } = stage;
  for (const box of ["inbox", "outbox", "sent", "error"]) mkdirSync(join(folder, box));
  const path = join(folder, "smsdrc");
  const lines = [
    ...gammuLines(stage),
    "[smsd]",
    "service = files",
    `inboxpath = ${join(folder, "inbox")}/`,
    `outboxpath = ${join(folder, "outbox")}/`,
    `sentsmspath = ${join(folder, "sent")}/`,
    `errorsmspath = ${join(folder, "error")}/`,
    `logfile = ${join(folder, "log")}`,
    "deliveryreport = sms",
    "CommTimeout = 1",
    "ReceiveFrequency = 1",
    "StatusFrequency = 5",
  ];
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}
