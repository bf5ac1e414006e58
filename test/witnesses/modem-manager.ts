/**
 * ModemManager on a bus of its own, through its Test interface: it takes a unix socket for a modem's port,
 * with the plugin that a real stick of the family would get.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "#test/support/eventually.ts";
import { must, sent } from "./judge.ts";
import { ask, Program } from "./program.ts";
import { RECIPIENT, SENDER, type Stage, type Witness, writeTo } from "./witness.ts";

const INIT_MS = 60_000;
const COMMAND_MS = 30_000;
const ARRIVAL_MS = 15_000;

/**
 * Its plugin for a maker, as AT+CGMI names him; the generic one for all others. Its Huawei plugin wants to
 * have probed a USB port and ends itself (an assertion) when it gets a socket.
 */
const PLUGINS: readonly (readonly [maker: RegExp, plugin: string])[] = [
  [/quectel/i, "quectel"],
  [/simcom/i, "simtech"],
  [/zte/i, "zte"],
  [/telit/i, "telit"],
  [/u-blox/i, "u-blox"],
  [/siemens|cinterion/i, "cinterion"],
  [/wavecom/i, "wavecom"],
];

export const modemManager: Witness = {
  name: "ModemManager",
  packages: ["modemmanager", "dbus-daemon", "dbus-bin"],
  wire: "unix",
  atOnce: 5,
  run: async (stage) => {
    const { folder, modem } = stage;
    const { env, manager } = await start(stage);
    const mmcli = (...args: string[]): Promise<string> =>
      ask("mmcli", ["--test-session", ...args], { env, timeoutMs: COMMAND_MS });

    await stage.step("init", async () => {
      await eventually("ModemManager takes a profile", INIT_MS, async () => {
        manager.mustRun();
        return setProfile(stage, env).catch(() => undefined);
      });
      await eventually("ModemManager knows the modem", INIT_MS, async () => {
        manager.mustRun();
        const known = await mmcli("-m", "any", "--output-keyvalue").catch(() => "");
        return known.includes(modem.imei) || undefined;
      });
      await mmcli("-m", "any", "--enable");
      await eventually("ModemManager says registered", ARRIVAL_MS, async () => {
        const state = await mmcli("-m", "any", "--output-keyvalue");
        return /generic\.state +: (registered|connected)/.test(state) || undefined;
      });
    });
    await stage.step("send", async () => {
      const text = "Hello from ModemManager";
      const fields = `text='${text}',number='${RECIPIENT}',delivery-report-request=yes`;
      const made = await mmcli("-m", "any", `--messaging-create-sms=${fields}`);
      const index = /SMS\/(\d+)/.exec(made)?.[1] ?? "";
      must(await mmcli("-s", index, "--send"), "successfully sent");
      await sent(stage, text);
    });
    const shows = (...parts: readonly string[]): Promise<true> =>
      eventually(`ModemManager shows a message with ${parts.join(", ")}`, ARRIVAL_MS, async () => {
        const list = await mmcli("-m", "any", "--messaging-list-sms");
        for (const [, arrived = ""] of list.matchAll(/SMS\/(\d+) \(received\)/g)) {
          const shown = await mmcli("-s", arrived, "--output-keyvalue");
          if (parts.every((part) => shown.includes(part))) return true;
        }
        return undefined;
      });
    await stage.step("receive", async () => {
      writeTo(stage, "Hello ModemManager");
      await shows(SENDER, "Hello ModemManager");
    });
    // A report is a message of its own there.
    await stage.step("report", async () => {
      await shows("status-report", RECIPIENT, "completed-received");
    });
    writeFileSync(join(folder, "log"), manager.output);
  },
};

async function setProfile({ profile }: Stage, env: Readonly<Record<string, string>>): Promise<true> {
  const plugin = PLUGINS.find(([maker]) => maker.test(profile.manufacturer))?.[1] ?? "generic";
  const name = "org.freedesktop.ModemManager1";
  const call = ["--session", "--print-reply", `--dest=${name}`, "/org/freedesktop/ModemManager1"];
  const values = ["string:witness", `string:${plugin}`, "array:string:socket"];
  await ask("dbus-send", [...call, `${name}.Test.SetProfile`, ...values], { env, timeoutMs: COMMAND_MS });
  return true;
}

async function start(
  stage: Stage,
): Promise<{ readonly env: Readonly<Record<string, string>>; readonly manager: Program }> {
  const { folder } = stage;
  const address = `unix:path=${join(folder, "bus")}`;
  const env = { DBUS_SESSION_BUS_ADDRESS: address };
  const configuration = join(folder, "bus.conf");
  writeFileSync(configuration, busConfiguration(address));
  const bus = new Program("dbus-daemon", [`--config-file=${configuration}`, "--nofork", "--print-address"], {
    cwd: folder,
  });
  stage.cleanUp(() => bus.end());
  await eventually("the bus is there", ARRIVAL_MS, () => {
    bus.mustRun();
    return bus.output.includes("unix:") || undefined;
  });
  const flags = ["--test-session", "--test-enable", "--no-auto-scan", "--debug"];
  const manager = new Program("/usr/sbin/ModemManager", flags, { cwd: folder, env });
  stage.cleanUp(() => manager.end());
  return { env, manager };
}

function busConfiguration(address: string): string {
  return [
    '<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"',
    ' "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">',
    "<busconfig>",
    "<type>session</type>",
    `<listen>${address}</listen>`,
    '<policy context="default">',
    '<allow send_destination="*" eavesdrop="true"/>',
    '<allow eavesdrop="true"/>',
    '<allow own="*"/>',
    "</policy>",
    "</busconfig>",
    "",
  ].join("\n");
}
