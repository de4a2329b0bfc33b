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
  /** Requests to the OAuth endpoints of one site. */
  oauth: {
    /** Of one address, all together: a whole laboratory may be behind it. */
    address: 6000,
    /**
     * Of one known client at one address, with its secret and without it apart. Clients with one
     * published id share it.
     */
    clientAtAddress: 300,
    /** Of one client with its secret, at all addresses. */
    client: 3000,
    /** Of one address, without a known client or with a wrong proof. Each may cost a fetch. */
    unknownClients: 60,
    /** Registrations of one address. */
    registrations: 300,
    /** Logins that Rucio is asked for by one address. */
    logins: 300,
    /** Steps of one login; its page asks every two seconds. */
    login: 120,
    /** Steps of one address that belong to no login of the browser. */
    foreignSteps: 600,
  },
} as const;

/**
 * How long Rucio's answer about a token is believed with `tokenFormat: passthrough`, in seconds: a
 * token that Rucio has withdrawn is let in for no longer.
 */
export const VALIDATION_SECONDS = 30;
