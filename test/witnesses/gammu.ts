/**
 * gammu by hand: `identify`, `sendsms`, `monitor`. It learns of what arrives while it monitors; the phone
 * at the other end is off until then, so that its report comes in that time too.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "#test/support/eventually.ts";
import { must, sent } from "./judge.ts";
import { ask, Program } from "./program.ts";
import { RECIPIENT, SENDER, type Stage, type Witness, writeTo } from "./witness.ts";

/** It types one character each millisecond until it knows the model. */
const COMMAND_MS = 25_000;
const ARRIVAL_MS = 15_000;

export const gammu: Witness = {
  name: "gammu",
  packages: ["gammu"],
  wire: "pty",
  atOnce: 5,
  run: async (stage) => {
    const { folder, modem, simulator } = stage;
    const configuration = join(folder, "gammurc");
    writeFileSync(configuration, gammuLines(stage).join("\n"));
    const gammu = (...args: string[]): Promise<string> =>
      ask("gammu", ["-c", configuration, ...args], { timeoutMs: COMMAND_MS });

    await stage.step("init", async () => {
      const identity = await gammu("identify");
      must(identity, modem.imei);
      must(identity, modem.modem.sim?.imsi ?? "a SIM");
    });

    simulator.handset(RECIPIENT).state = "off";
    await stage.step("send", async () => {
      const text = "Grüße von gammu 😀";
      const said = await gammu("sendsms", "TEXT", RECIPIENT, "-report", "-unicode", "-text", text);
      must(said, "OK, message reference=0");
      await sent(stage, text);
    });

    const monitor = new Program("stdbuf", ["-oL", "gammu", "-c", configuration, "monitor"], { cwd: folder });
    stage.cleanUp(() => monitor.end());
    const says = (text: string, withinMs: number): Promise<true> =>
      eventually(`gammu says "${text}"`, withinMs, async () => {
        // It ends by itself where the battery's state is spelled unusually; its user reads by hand then.
        const said = monitor.isOver ? await gammu("getallsms") : monitor.output;
        return said.includes(text) || undefined;
      });
    await stage.step("receive", async () => {
      const answer = await eventually("gammu asks to be told of messages", COMMAND_MS, () =>
        /about incoming SMS +: (.*)\n/.exec(monitor.output)?.at(1),
      );
      // Where it cannot have that, its user asks from time to time.
      if (!answer.startsWith("No error")) await monitor.end();
      writeTo(stage, "Hello gammu");
      await says(SENDER, ARRIVAL_MS);
      await says("Hello gammu", ARRIVAL_MS);
    });
    await stage.step("report", async () => {
      simulator.handset(RECIPIENT).state = "on";
      await says("SMS status report", ARRIVAL_MS);
      await says("Delivered", ARRIVAL_MS);
    });
  },
};

/** Where the modem is, and that its SIM's places start at 0 where they do. */
export function gammuLines({ port, profile: { storage } }: Stage): readonly string[] {
  const fromZero = storage.firstIndex === 0 && storage.chosen[2] === "SM";
  const features = fromZero ? ["features = SMS_LOCATION_0"] : [];
  return ["[gammu]", `device = ${port}`, "connection = at115200", ...features, ""];
}
