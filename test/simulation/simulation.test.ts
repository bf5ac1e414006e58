/**
 * The whole gateway through what each seed chooses; the judge looks at what the network took. The seeds
 * are shared out over two files, because files are what the cores share. `SIMULATION_SEEDS=2000` runs more.
 */
import { runSeeds } from "./seeds.ts";

runSeeds("even");
