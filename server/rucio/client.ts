import { readFileSync } from 'node:fs';

import type { z } from 'zod';

import { ConfigError } from '../../lib/contract/issues';
import type { Limits } from '../../lib/contract/server-document';
import type { Site } from '../../lib/contract/sites';
import { discard, readBounded } from './body';
import { type Did, formatDid } from './did';
import { codeOf } from './error-code';
import { RucioError, rucioDown } from './errors';
import { type OnRequest, type RucioAnswer, RucioHttp, type RucioRequest } from './http';
import { parseJson } from './json';
import { BrokenStreamError, parseNdjson } from './ndjson';
import { Account } from './schemas/accounts';
import { DidRow, DidStatus } from './schemas/dids';
import { Ping } from './schemas/meta';
import { ReplicaRow } from './schemas/replicas';
import { RuleRow } from './schemas/rules';
import type { LoginOutcome, TokenSource } from './session';
import { type Robot, type SecretReload, createTokenSource } from './token-source';

export interface CallOptions {
  /** Ends the call, down to the socket. */
  readonly signal: AbortSignal;
}

export interface ListDidsQuery {
  readonly scope: string;
  readonly type: 'all' | 'collection' | 'dataset' | 'container' | 'file';
  /** Conditions that all hold: `name`, `length.gte` and so on. In the name, `*` matches anything. */
  readonly filters: Readonly<Record<string, string>>;
  /** Whether the content of what matches is listed as well. */
  readonly recursive: boolean;
  /** Rucio stops after so many rows. */
  readonly limit?: number;
}

export interface ListReplicasQuery {
  /** At most 1000. */
  readonly dids: readonly Did[];
  /** URL schemes, most wanted first; empty: all. */
  readonly schemes: readonly string[];
  readonly rseExpression?: string;
  readonly sort?: string;
  /** Whether replicas that can not be read now are listed too. */
  readonly allStates: boolean;
}

/** Query parameters of the DID search that are not conditions. */
export const DID_SEARCH_PARAMETERS: readonly string[] = [
  'type',
  'limit',
  'long',
  'recursive',
  'filters',
];

/** Largest JSON document that is read, in bytes. Lists are streams and are not bounded by it. */
const MAX_DOCUMENT_BYTES = 16_777_216;

/**
 * Rucio's REST API as one account sees it; one method an operation. All methods throw
 * {@link RucioError} when Rucio answers with an error, and an `AppError` RUCIO_DOWN when it does
 * not answer, not in time, or not completely: a list either has all its rows or throws.
 *
 * @see https://rucio.github.io/documentation/html/rest_api_doc_rucio.html
 */
export class RucioClient {
  readonly #http: RucioHttp;
  readonly #tokens: TokenSource;

  constructor(http: RucioHttp, tokens: TokenSource) {
    this.#http = http;
    this.#tokens = tokens;
  }

  /** The server's version. Needs no session. */
  async ping({ signal }: CallOptions): Promise<Ping> {
    const answer = await this.#http.send({ operation: 'ping', segments: ['ping'], signal });
    return this.#document(answer, Ping);
  }

  /**
   * The account of the session. Rucio answers with a redirect to it; only a redirect within the same
   * host is believed, and only the account's name is taken from it.
   */
  async whoami({ signal }: CallOptions): Promise<Account> {
    const segments = ['accounts', 'whoami'];
    const answer = await this.#send({
      operation: 'whoami',
      segments,
      allowRedirect: true,
      signal,
    });
    if (answer.status < 300) return this.#document(answer, Account);
    await discard(answer.body);
    const account = redirectedTo(answer.header('location'), this.#http.urlOf(segments));
    if (account === undefined) {
      const error = rucioDown(answer.context, 'redirected to another place than account', {
        next: "ask the server's operator to check the Rucio URLs of this site",
      });
      answer.settle(error);
      throw error;
    }
    answer.settle();
    return this.#document(
      await this.#send({
        operation: 'get_account',
        segments: ['accounts', account],
        subject: account,
        signal,
      }),
      Account,
    );
  }

  /** DIDs of one scope, in no particular order. An unknown scope has none. */
  async *listDids(query: ListDidsQuery, { signal }: CallOptions): AsyncGenerator<DidRow> {
    const { scope, type, filters, recursive, limit } = query;
    const answer = await this.#send({
      operation: 'list_dids',
      segments: ['dids', scope, 'dids', 'search'],
      // Conditions of their own, not `filters`, which has to be a Python literal.
      query: {
        ...filters,
        type,
        long: 'True',
        recursive: recursive ? 'True' : 'False',
        ...(limit === undefined ? {} : { limit: String(limit) }),
      },
      subject: `${scope}:${filters['name'] ?? '*'}`,
      signal,
    });
    yield* this.#rows(answer, DidRow);
  }

  /** One DID; bytes and files of a collection are summed over its files now. */
  async getDid(did: Did, { signal }: CallOptions): Promise<DidStatus> {
    const answer = await this.#send({
      operation: 'get_did',
      // The same answer as without `/status`, but also for names that end like another route.
      segments: ['dids', did.scope, did.name, 'status'],
      query: { dynamic_depth: 'FILE' },
      subject: formatDid(did),
      signal,
    });
    return this.#document(answer, DidStatus);
  }

  /**
   * Files with their replicas. Unknown DIDs have none, and with `rseExpression` files without a
   * replica there are left out.
   */
  async *listReplicas(
    query: ListReplicasQuery,
    { signal }: CallOptions,
  ): AsyncGenerator<ReplicaRow> {
    const { dids, schemes, rseExpression, sort, allStates } = query;
    const answer = await this.#send({
      operation: 'list_replicas',
      method: 'POST',
      idempotent: true,
      segments: ['replicas', 'list'],
      body: {
        dids: dids.map(({ scope, name }) => ({ scope, name })),
        ignore_availability: true,
        all_states: allStates,
        ...(schemes.length === 0 ? {} : { schemes }),
        ...(rseExpression === undefined ? {} : { rse_expression: rseExpression }),
        ...(sort === undefined ? {} : { sort }),
      },
      // Rucio complains about the expression, never about a DID.
      subject: rseExpression ?? dids.map(formatDid).join(' '),
      signal,
    });
    yield* this.#rows(answer, ReplicaRow);
  }

  /** The rules that are set on a DID itself, not those that cover it through a parent. */
  async *listDidRules(did: Did, { signal }: CallOptions): AsyncGenerator<RuleRow> {
    const answer = await this.#send({
      operation: 'list_did_rules',
      segments: ['dids', did.scope, did.name, 'rules'],
      subject: formatDid(did),
      signal,
    });
    yield* this.#rows(answer, RuleRow);
  }

  /**
   * Sends with the session's token. Signs in again and repeats once when Rucio says that it does not
   * know the session: it has done nothing then, so that this is safe for any method.
   */
  async #send(request: RucioRequest): Promise<RucioAnswer> {
    const send = async (token: string) =>
      this.#http.send({
        ...request,
        headers: { ...request.headers, 'x-rucio-auth-token': token },
      });
    const token = await this.#tokens.token(request.signal);
    try {
      return await send(token);
    } catch (error) {
      if (!(error instanceof RucioError) || error.exceptionClass !== 'CannotAuthenticate') {
        throw error;
      }
      this.#tokens.invalidate(token);
      return await send(await this.#tokens.token(request.signal));
    }
  }

  async #document<S extends z.ZodType>(answer: RucioAnswer, schema: S): Promise<z.output<S>> {
    try {
      const text = await readBounded(answer.body, MAX_DOCUMENT_BYTES);
      if (text === undefined) throw new BrokenStreamError('sent a document of more than 16 MiB');
      const value = parseRow(parseDocument(text), schema);
      answer.settle();
      return value;
    } catch (error) {
      throw this.#failed(answer, error);
    }
  }

  async *#rows<S extends z.ZodType>(answer: RucioAnswer, schema: S): AsyncGenerator<z.output<S>> {
    try {
      for await (const row of parseNdjson(answer.body)) yield parseRow(row, schema);
    } catch (error) {
      throw this.#failed(answer, error);
    } finally {
      // Also when the caller has enough; a failure was counted above, and only that.
      answer.settle();
    }
  }

  #failed(answer: RucioAnswer, error: unknown): unknown {
    const told =
      error instanceof BrokenStreamError
        ? rucioDown(answer.context, error.message, { cause: error })
        : answer.explain(error);
    answer.settle(told);
    return told;
  }
}

function parseDocument(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new BrokenStreamError('sent answer that is not the JSON that it should be', {
      cause: error,
    });
  }
}

function parseRow<S extends z.ZodType>(row: unknown, schema: S): z.output<S> {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  throw new BrokenStreamError('sent answer without the fields that it should have', {
    cause: parsed.error,
  });
}

/** The account that a redirect of `from` leads to; `undefined` when it leads anywhere else. */
function redirectedTo(location: string | undefined, from: URL): string | undefined {
  if (location === undefined || !URL.canParse(location, from.href)) return undefined;
  const to = new URL(location, from.href);
  const parent = from.pathname.slice(0, from.pathname.lastIndexOf('/') + 1);
  if (to.origin !== from.origin || to.pathname === from.pathname) return undefined;
  if (!to.pathname.startsWith(parent)) return undefined;
  const name = to.pathname.slice(parent.length);
  if (name === '' || name.includes('/')) return undefined;
  try {
    return decodeURIComponent(name);
  } catch {
    return undefined;
  }
}

export interface RucioDeps {
  readonly clock?: () => number;
  readonly onRequest?: OnRequest;
  readonly onLogin?: (outcome: LoginOutcome) => void;
  readonly onSecretReload?: SecretReload;
}

export interface Rucio {
  /** Signed in as the robot; the session is opened by the first call that needs it. */
  readonly client: RucioClient;
  /** Ends all connections; calls under way fail. */
  readonly close: () => Promise<void>;
}

/**
 * The client of a site in `sharedSecret` mode. Does not contact Rucio yet.
 *
 * @param robot - the account and its credentials; paths of files are final
 * @throws {ConfigError} for an authentication type that this version can not use, or when the site's
 *   `caFile` can not be read
 */
export function createRucio(
  site: Site,
  robot: Robot,
  limits: Pick<Limits, 'rucioSeconds' | 'rucioConnections'>,
  deps: RucioDeps = {},
): Rucio {
  const { onRequest } = deps;
  const ca = site.caFile === undefined ? undefined : readCaFile(site.name, site.caFile);
  const http = new RucioHttp({ site, baseUrl: site.rucioHost, limits, ca, onRequest });
  const authHttp = new RucioHttp({ site, baseUrl: site.authHost, limits, ca, onRequest });
  const client = new RucioClient(http, createTokenSource(robot, { ...deps, authHttp }));
  return {
    client,
    close: async () => {
      await Promise.all([http.close(), authHttp.close()]);
    },
  };
}

/** The certification authorities of a site; they take the place of Node's own, as in rucio.cfg. */
function readCaFile(site: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(
      [
        {
          path: ['sites', site, 'caFile'],
          message: `the file ${path} can not be read: ${codeOf(error)}`,
          expected: 'a PEM bundle of certification authorities',
          fix: 'mount the file there, or leave caFile out',
        },
      ],
      'the server document',
    );
  }
}
