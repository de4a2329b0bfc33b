/** A program that asks for access on behalf of a user. */
export interface OAuthClient {
  readonly id: string;
  /** As it calls itself: untrusted, cleaned and cut. */
  readonly name: string;
  /** Host of its metadata document, which is what is known of it for sure; null: it said nothing. */
  readonly host: string | null;
  /** Whether the operators of this server vouch for it, in its settings. */
  readonly isConfigured: boolean;
  readonly redirects: readonly string[];
  /** What it has to prove itself with; a public client has nothing. */
  readonly secret?: ClientSecret;
}

/** What a confidential client may present; asked for at every use, so that it can be rotated. */
export type ClientSecret = () => Promise<readonly string[]>;
