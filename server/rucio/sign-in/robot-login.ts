import type { Session } from '../session';

/** One way of the robot's to sign in. */
export interface RobotLogin {
  /**
   * Reads the credentials and checks what can be checked without a server.
   *
   * @throws {CredentialError} when they can not be used
   */
  check(): Promise<CheckedCredentials>;
  /**
   * Opens a session. Ends by itself.
   *
   * @throws {CredentialError} as `check`
   * @throws {AppError} LOGIN when the credentials are refused; RUCIO_DOWN when a server does not answer
   *   as it should
   */
  login(): Promise<Session>;
}

export interface CheckedCredentials {
  /**
   * When they end, in milliseconds since the epoch; undefined: not by themselves. Follows the files:
   * after a renewal it is the end of the new ones.
   */
  readonly expiresAt?: number | undefined;
}
