import type { z } from 'zod';

import { discard, readBounded } from './body';
import { RucioError, rucioDown } from './errors';
import type { RucioAnswer, RucioHttp, RucioRequest } from './http';
import { parseJson } from './json';
import { BrokenStreamError, parseNdjson } from './ndjson';
import type { TokenSource } from './session';

export interface CallOptions {
  /** Ends the call, down to the socket. */
  readonly signal: AbortSignal;
}

/** Largest JSON document that is read, in bytes. Lists are streams and are not bounded by it. */
const MAX_DOCUMENT_BYTES = 16_777_216;

/**
 * What all operations of Rucio's REST API have in common: the session, and how answers are read. A
 * list either has all its rows or throws.
 */
export class RucioCore {
  readonly http: RucioHttp;
  readonly #tokens: TokenSource;

  constructor(http: RucioHttp, tokens: TokenSource) {
    this.http = http;
    this.#tokens = tokens;
  }

  /**
   * Sends with the session's token. Signs in again and repeats once when Rucio says that it does not
   * know the session: it has done nothing then, so that this is safe for any method.
   */
  async send(request: RucioRequest): Promise<RucioAnswer> {
    const send = async (token: string) =>
      this.http.send({
        ...request,
        headers: { ...request.headers, 'x-rucio-auth-token': token },
      });
    const token = await this.#tokens.token(request.signal);
    try {
      return await send(token);
    } catch (error) {
      if (!RucioError.is(error, 'CannotAuthenticate')) throw error;
      this.#tokens.invalidate(token);
      return await send(await this.#tokens.token(request.signal));
    }
  }

  /** Sends, and reads one JSON document. */
  async document<S extends z.ZodType>(request: RucioRequest, schema: S): Promise<z.output<S>> {
    return this.readDocument(await this.send(request), schema);
  }

  /** Sends, and reads newline-delimited JSON, only as fast as the rows are taken. */
  async *rows<S extends z.ZodType>(
    request: RucioRequest,
    schema: S,
  ): AsyncGenerator<z.output<S>, void, undefined> {
    const answer = await this.send(request);
    try {
      for await (const rows of parseNdjson(answer.body)) {
        for (const row of rows) yield parseRow(row, schema);
      }
    } catch (error) {
      throw failed(answer, error);
    } finally {
      // Also when the caller has enough; a failure was counted above, and only that.
      answer.settle();
    }
  }

  /** Sends a change whose answer says nothing more than that it was made. */
  async nothing(request: RucioRequest): Promise<void> {
    const answer = await this.send(request);
    await discard(answer.body);
    answer.settle();
  }

  async readDocument<S extends z.ZodType>(answer: RucioAnswer, schema: S): Promise<z.output<S>> {
    try {
      const text = await readBounded(answer.body, MAX_DOCUMENT_BYTES);
      if (text === undefined) throw new BrokenStreamError('sent a document of more than 16 MiB');
      const value = parseRow(parseDocument(text), schema);
      answer.settle();
      return value;
    } catch (error) {
      throw failed(answer, error);
    }
  }
}

function failed(answer: RucioAnswer, error: unknown): unknown {
  const told =
    error instanceof BrokenStreamError
      ? rucioDown(answer.context, error.message, { cause: error })
      : answer.explain(error);
  answer.settle(told);
  return told;
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
