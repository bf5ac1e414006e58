/** `dunlin …`: the commands of all rooms under one name. */
import { readFileSync } from "node:fs";
import { Command } from "commander";

/** The commands of one room, and how to load them: only the room that is asked for is loaded. */
interface Room {
  readonly names: readonly string[];
  load(): Promise<readonly Command[]>;
}

const ROOMS: readonly Room[] = [
  { names: ["demo"], load: async () => [(await import("./demo.ts")).demoCommand()] },
  {
    names: ["gateway", "send", "messages", "keys", "modems", "config"],
    load: async () => (await import("#gateway/cli.ts")).gatewayCommands(),
  },
  {
    names: [
      "scheduler",
      "import",
      "forecast",
      "explain",
      "evidence",
      "run",
      "scan",
      "report",
      "policies",
      "templates",
      "tasks",
      "holidays",
    ],
    load: async () => (await import("#scheduler/cli.ts")).schedulerCommands(),
  },
  {
    names: ["simulator"],
    load: async () => [(await import("#hardware/simulator/cli.ts")).simulatorCommand()],
  },
  { names: ["pdu"], load: async () => [(await import("#hardware/pdu/cli.ts")).pduCommand()] },
];

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/** The program with the commands of the room that has `name`, or of all rooms when none has it. */
export async function createProgram(name: string | undefined): Promise<Command> {
  const program = new Command("dunlin")
    .description("An SMS gateway for USB GSM modems, and a scheduler of payment reminders.")
    .version(version)
    .showHelpAfterError("Run with --help to see what is possible.");
  const asked = ROOMS.filter((room) => name !== undefined && room.names.includes(name));
  for (const room of asked.length > 0 ? asked : ROOMS)
    for (const command of await room.load()) {
      program.addCommand(command);
      inherit(program, command);
    }
  return program;
}

/** What helps after a wrong word holds for the commands below too. */
function inherit(from: Command, command: Command): void {
  command.copyInheritedSettings(from);
  for (const below of command.commands) inherit(command, below);
}

/** Who reads our output may stop in the middle, as `head` does: that is no fault to be told about. */
function endQuietlyWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(EXIT_PIPE_CLOSED);
  });
}

/** As the shell says it of a program that SIGPIPE ended. */
const EXIT_PIPE_CLOSED = 141;

export async function main(argv: readonly string[]): Promise<void> {
  endQuietlyWithReader();
  const name = argv[2];
  // What `ps` shows, and what another program is told when it finds a port in use.
  process.title = ["dunlin", name ?? ""].join(" ").trim();
  await (await createProgram(name)).parseAsync(argv);
}
