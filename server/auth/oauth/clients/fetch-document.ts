import { type LookupAddress, lookup as resolve } from 'node:dns';
import { request } from 'node:https';
import type { LookupFunction } from 'node:net';

import { isPublicAddress } from './public-address';

/** Largest metadata document, in bytes. @see draft-ietf-oauth-client-id-metadata-document 6.6 */
const MAX_BYTES = 5120;

export interface FetchDeps {
  /** All addresses of a host. */
  readonly resolve?: (host: string) => Promise<readonly LookupAddress[]>;
  /** Which addresses may be connected to. @default those of the public internet */
  readonly mayConnect?: (address: string) => boolean;
  /** PEM of the authorities that are trusted. @default Node's own */
  readonly ca?: string;
  /** Longest time of all, in milliseconds. @default 5000 */
  readonly timeoutMs?: number;
}

export interface FetchedDocument {
  readonly text: string;
  /** Value of `Cache-Control`. */
  readonly cacheControl: string;
}

/** Nothing more is told of what went wrong: it would describe a network to whoever asks. */
export class DocumentUnavailable extends Error {}

/**
 * Fetches a document from a host that a stranger named. Every address of the host has to be public,
 * and the connection goes to an address that was checked; no redirects, no compression, few bytes.
 *
 * @throws {DocumentUnavailable} whatever goes wrong
 */
export function fetchDocument(url: URL, deps: FetchDeps = {}): Promise<FetchedDocument> {
  const signal = AbortSignal.timeout(deps.timeoutMs ?? 5000);
  return new Promise((done, fail) => {
    const giveUp = (cause: unknown) => {
      fail(new DocumentUnavailable('no usable document', { cause }));
      outgoing.destroy();
    };
    const outgoing = request(url, {
      method: 'GET',
      agent: false,
      lookup: checkedLookup(deps),
      headers: {
        Accept: 'application/json',
        'Accept-Encoding': 'identity',
        'User-Agent': 'rucio-mcp-cdk8s',
      },
      signal,
      ...(deps.ca === undefined ? {} : { ca: deps.ca }),
    });
    outgoing.on('error', giveUp);
    outgoing.on('response', (answer) => {
      const encoding = answer.headers['content-encoding'] ?? 'identity';
      const isJson = /^application\/(?:[a-z0-9.+-]+\+)?json(?:$|[\s;])/i;
      if (answer.statusCode !== 200 || encoding !== 'identity') {
        giveUp(new Error(`status ${answer.statusCode ?? 0}`));
        return;
      }
      if (!isJson.test(answer.headers['content-type'] ?? '')) {
        giveUp(new Error('not JSON'));
        return;
      }
      const chunks: Buffer[] = [];
      let size = 0;
      answer.on('error', giveUp);
      answer.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAX_BYTES) giveUp(new Error('too large'));
        else chunks.push(chunk);
      });
      answer.on('end', () => {
        if (!answer.complete) return;
        done({
          text: Buffer.concat(chunks).toString('utf8'),
          cacheControl: answer.headers['cache-control'] ?? '',
        });
      });
    });
    outgoing.end();
  });
}

/** Resolves once, refuses a host with any address that is not public, and hands on what it checked. */
function checkedLookup({ resolve = resolveAll, mayConnect = isPublicAddress }: FetchDeps) {
  const lookup: LookupFunction = (host, options, callback) => {
    resolve(host).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined || !addresses.every(({ address }) => mayConnect(address))) {
          callback(new Error('not a public address'), '', 0);
        } else if (options.all === true) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, '', 0),
    );
  };
  return lookup;
}

function resolveAll(host: string): Promise<readonly LookupAddress[]> {
  return new Promise((done, fail) => {
    resolve(host, { all: true, verbatim: true }, (error, addresses) => {
      if (error === null) done(addresses);
      else fail(error);
    });
  });
}
