/** The simulator as a process of its own, so that a bench counts the gateway's time alone. */
import { simulatorCommand } from "#hardware/simulator/cli.ts";

await simulatorCommand().parseAsync(process.argv);
