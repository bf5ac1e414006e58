/** The ways a session with a modem can end. */
export type SessionEnd =
  /** The port is gone. */
  | { readonly kind: "lost"; readonly detail: string }
  /** The modem lost our settings: begin again on the same port. */
  | { readonly kind: "restarted"; readonly detail: string }
  /** It does not answer. */
  | { readonly kind: "mute"; readonly detail: string }
  /** It answers, but does not do its work; a reset may help. */
  | { readonly kind: "unfit"; readonly detail: string }
  | { readonly kind: "stopped"; readonly detail: string };
