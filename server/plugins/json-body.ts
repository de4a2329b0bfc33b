import type { FastifyInstance } from 'fastify';

/** A body that is refused before anybody looks at its meaning. */
export class BodyError extends Error {
  readonly statusCode = 400;
  readonly reason: 'malformed' | 'too_deep' | 'batch';

  constructor(reason: BodyError['reason'], message: string) {
    super(message);
    this.name = 'BodyError';
    this.reason = reason;
  }
}

/**
 * Parses JSON bodies of one message: not nested deeper than `maxDepth`, without `__proto__` keys, no
 * batches (MCP has had none since 2025-06-18).
 */
export function registerJsonBody(app: FastifyInstance, maxDepth: number): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    const body = String(text);
    if (isDeeperThan(body, maxDepth)) {
      done(new BodyError('too_deep', `The body is nested deeper than ${maxDepth} levels.`));
      return;
    }
    void parse(request, body, (error, value) => {
      if (error) done(new BodyError('malformed', 'The body is not a JSON document.'));
      else if (Array.isArray(value)) {
        done(new BodyError('batch', 'Send one message a request; batches are not part of MCP.'));
      } else done(null, value);
    });
  });
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** Whether brackets outside strings nest deeper than `max`; needs no stack, unlike a parser. */
export function isDeeperThan(json: string, max: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < json.length; index += 1) {
    const code = json.charCodeAt(index);
    if (inString) {
      if (code === BACKSLASH) index += 1;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (OPENING.has(code)) {
      depth += 1;
      if (depth > max) return true;
    } else if (CLOSING.has(code)) depth -= 1;
  }
  return false;
}
