import { type KeyObject, sign } from 'node:crypto';

import { rucioDown } from '../errors';
import type { RucioHttp } from '../http';
import type { CredentialFile } from './credential-file';
import { type LoginContext, openSession, sendLogin } from './open-session';
import type { RobotLogin } from './robot-login';
import { readRsaKey } from './rsa-key';

export interface SshOptions extends LoginContext {
  /** HTTP to the site's authentication server. */
  readonly http: RucioHttp;
  readonly privateKey: CredentialFile;
}

const ALGORITHM = 'rsa-sha2-256';

/**
 * Signs in with an RSA key: a challenge of Rucio's is signed within its ten seconds.
 *
 * @see https://rucio.github.io/documentation/html/rest_api_doc_rucio.html (GET /auth/ssh)
 */
export function sshLogin({ privateKey, ...context }: SshOptions): RobotLogin {
  const credential = 'that the public key belongs to the account, and the private key';
  return {
    check: async () => {
      await readRsaKey(privateKey);
      return {};
    },
    login: async () => {
      const key = await readRsaKey(privateKey);
      const answer = await sendLogin({
        ...context,
        segments: ['auth', 'ssh_challenge_token'],
        credential,
      });
      const challenge = answer.header('x-rucio-ssh-challenge-token');
      if (challenge === undefined || challenge === '') {
        const error = rucioDown(answer.context, 'answered an SSH login without a challenge');
        answer.settle(error);
        throw error;
      }
      answer.settle();
      return openSession({
        ...context,
        segments: ['auth', 'ssh'],
        headers: { 'x-rucio-ssh-signature': signChallenge(challenge, key) },
        credential,
      });
    },
  };
}

/**
 * An SSH signature blob in base64: the name of the algorithm and the PKCS #1 v1.5 signature, each
 * behind its length.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8332#section-3
 */
export function signChallenge(challenge: string, key: KeyObject): string {
  const signature = sign('sha256', Buffer.from(challenge), key);
  return Buffer.concat([prefixed(Buffer.from(ALGORITHM)), prefixed(signature)]).toString('base64');
}

function prefixed(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
