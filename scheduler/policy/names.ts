/** How the things of a policy are named, by people and in files. */

/** "bank-card" */
export const POLICY_NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
/** "utility.early": the file's name and the step's. */
export const TEXT_KEY = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
/** BCP 47, as far as texts need it: "de", "pt-BR". */
export const LANGUAGE_TAG = /^[a-z]{2,3}(-[A-Z]{2})?$/;
