/** Runs the simulator's command by itself, for tests that need it as a process. */
import { simulatorCommand } from "#hardware/simulator/cli.ts";

await simulatorCommand().parseAsync();
