import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { ENVIRONMENT, MOUNTS, SERVER_DOCUMENT_FILE } from '../lib/contract/endpoints';
import { ConfigError } from '../lib/contract/issues';
import {
  type ServerAuth,
  type ServerDocument,
  parseServerDocument,
} from '../lib/contract/server-document';
import { withCommandLine } from './command-line';

/**
 * Reads the server document that {@link ENVIRONMENT}.config names and turns its paths into paths on
 * this file system; arguments of the process win over it. The only reader of the environment.
 *
 * @throws {ConfigError} when the document can not be read or is wrong; lists every problem
 */
export async function loadConfig(
  env: NodeJS.ProcessEnv = process.env,
  argv: readonly string[] = process.argv,
): Promise<ServerDocument> {
  const root = env[ENVIRONMENT.filesRoot] ?? '/';
  const file = path.join(
    root,
    env[ENVIRONMENT.config] ?? `${MOUNTS.config}/${SERVER_DOCUMENT_FILE}`,
  );
  const document = parseServerDocument(await readJson(file), file);
  return relocate(withCommandLine(document, argv, env, file), root);
}

/** What a Kerberos library of the system is told by the environment, for robots. */
const KERBEROS_VARIABLES = ['PATH', 'KRB5_CONFIG'];

/** The part of the environment that a robot signs in by Kerberos with. */
export function kerberosEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const entries = KERBEROS_VARIABLES.map((name) => [name, env[name] ?? '']);
  return Object.fromEntries(entries.filter(([, value]) => value !== '')) as Record<string, string>;
}

async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new ConfigError(
      [
        {
          path: [],
          message: `can not be read (${codeOf(cause)})`,
          fix: `mount the server document there, or name it in ${ENVIRONMENT.config}`,
        },
      ],
      file,
    );
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ConfigError(
      [{ path: [], message: 'is not JSON', fix: 'mount the document that synth wrote' }],
      file,
    );
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error
    ? String(error.code)
    : 'unknown error';
}

/** The same document with every path below `root`. */
function relocate(document: ServerDocument, root: string): ServerDocument {
  if (root === '/') return document;
  const at = (file: string) => path.join(root, file);
  return {
    ...document,
    sites: document.sites.map((site) =>
      site.caFile === undefined ? site : { ...site, caFile: at(site.caFile) },
    ),
    auth: relocateAuth(document.auth, at),
  };
}

function relocateAuth(auth: ServerAuth, at: (file: string) => string): ServerAuth {
  switch (auth.mode) {
    case 'sharedSecret':
      return {
        ...auth,
        bearerFile: at(auth.bearerFile),
        credentials: relocateFiles(auth.credentials, at),
      };
    case 'oidc': {
      const moved = relocateFiles(auth, at);
      if (moved.tokenFormat === 'passthrough') return moved;
      return {
        ...moved,
        clients: moved.clients.map((client) => relocateFiles(client, at)),
        redis: moved.redis === null ? null : relocateFiles(moved.redis, at),
      };
    }
  }
}

/** Exactly the fields that are called `…File` are paths. */
function relocateFiles<T extends object>(settings: T, at: (file: string) => string): T {
  const entries = Object.entries(settings).map(([key, value]: [string, unknown]) => [
    key,
    key.endsWith('File') && typeof value === 'string' ? at(value) : value,
  ]);
  return Object.fromEntries(entries) as T;
}
