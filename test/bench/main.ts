/** `npm run bench -- [NAME] [options]`: measures and prints; asserts nothing. */
import { availableParallelism, cpus } from "node:os";

type Bench = (args: string[]) => Promise<void>;

const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  codec: async () => (await import("./codec.ts")).benchCodec,
  send: async () => (await import("./send.ts")).benchSend,
  accept: async () => (await import("./accept.ts")).benchAccept,
  scheduler: async () => benchScheduler,
};

/** Deciding, importing and the run loop, one after the other. */
async function benchScheduler(args: string[]): Promise<void> {
  await (await import("./scheduler-decide.ts")).benchSchedulerDecide(args);
  await (await import("./scheduler-import.ts")).benchSchedulerImport(args);
  await (await import("./scheduler-run.ts")).benchSchedulerRun(args);
}

const [name, ...args] = process.argv.slice(2);
const wanted = name === undefined ? Object.keys(BENCHES) : [name];
const unknown = wanted.find((bench) => BENCHES[bench] === undefined);

if (name === "--help" || name === "-h" || unknown !== undefined) {
  const help = `Usage: npm run bench -- [${Object.keys(BENCHES).join("|")}] [options]\nWithout a name all run, one after the other.\n`;
  if (name !== "--help" && name !== "-h") process.stderr.write(`There is no bench called "${unknown}".\n`);
  process.stdout.write(help);
  process.exitCode = name === "--help" || name === "-h" ? 0 : 1;
} else {
  process.stdout.write(
    `Node ${process.version}, ${availableParallelism()} cores, ${cpus()[0]?.model ?? "unknown processor"}\n`,
  );
  for (const bench of wanted) {
    process.stdout.write(`\n== ${bench} ==\n`);
    await (await (BENCHES[bench] as () => Promise<Bench>)())(args);
  }
}
