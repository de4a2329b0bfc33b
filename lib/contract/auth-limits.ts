/** How long one count of {@link AUTH_LIMITS} lasts, in seconds. */
export const LIMIT_WINDOW_SECONDS = 60;

/** How often a caller may ask in {@link LIMIT_WINDOW_SECONDS}, each pod by itself. */
export const AUTH_LIMITS = {
  /** Wrong shared secrets of one address. */
  wrongSecrets: 10,
  /** Wrong sealed tokens of one address: nobody guesses them, but many behind one let theirs end. */
  wrongTokens: 300,
  /** Tokens that Rucio has refused or not yet answered, of one address (`tokenFormat: passthrough`). */
  unknownRucioTokens: 120,
} as const;

/**
 * How long Rucio's answer about a token is believed with `tokenFormat: passthrough`, in seconds: a
 * token that Rucio has withdrawn is let in for no longer.
 */
export const VALIDATION_SECONDS = 30;
