/**
 * Called at a named place between two effects. A test ends the process there, as a kill would; in
 * production nobody listens.
 */
export type Checkpoint<Place extends string> = (place: Place) => void;
