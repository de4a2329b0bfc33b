import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';

import { MCP_HEADERS, type TestApp, answerOf, message, startTestApp } from '../support/test-app';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp({
    change: (document) => ({
      ...document,
      publicUrl: 'https://rucio-mcp.example.org',
      allowedOrigins: ['https://inspector.example.org'],
      limits: { ...document.limits, bodyBytes: 2048, jsonDepth: 8, headerBytes: 4096 },
    }),
  });
});
afterAll(() => app.close());

interface Raw {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** `fetch` can not set Host and Origin freely; a raw request can. */
function raw(options: {
  path?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      `${app.url}${options.path ?? '/site/demo/'}`,
      { method: options.method ?? 'POST', headers: options.headers, agent: false },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (body += chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(options.body);
  });
}

const post = (body: string, headers: Record<string, string> = {}) =>
  raw({ headers: { ...MCP_HEADERS, ...headers }, body });

const list = message('tools/list');

describe('the bearer', () => {
  it.each(['/site/demo', '/site/demo/'])('opens %s, without a redirect', async (path) => {
    const response = await fetch(`${app.url}${path}`, {
      method: 'POST',
      headers: MCP_HEADERS,
      body: list,
      redirect: 'error',
    });
    expect(response.status).toBe(200);
    expect(await answerOf(response)).toHaveProperty('result.tools');
  });

  it('is asked for, without an error code, when none was sent', async () => {
    const { authorization: _none, ...headers } = MCP_HEADERS;
    const response = await raw({ headers, body: list });
    expect(response.status).toBe(401);
    expect(response.headers['www-authenticate']).toBe('Bearer realm="rucio-mcp"');
    expect(JSON.parse(response.body)).toMatchObject({ jsonrpc: '2.0', id: null });
  });

  it.each([
    ['another bearer', 'Bearer ffffffffffffffffffffffffffffffff'],
    ['a prefix of the bearer', 'Bearer 0123456789abcdef'],
    ['the bearer with more behind it', 'Bearer 0123456789abcdef0123456789abcdef0'],
    ['basic credentials', 'Basic cm9ib3Q6cm9ib3Q='],
    ['an empty bearer', 'Bearer '],
  ])('refuses %s', async (_name, authorization) => {
    const response = await post(list, { authorization });
    expect(response.status).toBe(401);
    expect(response.headers['www-authenticate']).toContain('error="invalid_token"');
    expect(response.body).not.toContain('0123456789abcdef');
  });

  it('is not accepted in the query', async () => {
    const { authorization: _none, ...headers } = MCP_HEADERS;
    const response = await raw({
      path: '/site/demo/?access_token=0123456789abcdef0123456789abcdef',
      headers,
      body: list,
    });
    expect(response.status).toBe(401);
  });

  it('guards initialize and ping as well as tools', async () => {
    for (const method of ['initialize', 'ping', 'tools/list', 'server/discover']) {
      const response = await post(message(method), { authorization: 'Bearer wrong-wrong-wrong' });
      expect([401, 429]).toContain(response.status);
    }
  });
});

describe('T35: guessing the bearer', () => {
  it('is limited to ten wrong tries a minute; a right bearer still works', async () => {
    const guessed = await startTestApp();
    try {
      const statuses: number[] = [];
      for (let index = 0; index < 12; index += 1) {
        const response = await fetch(guessed.endpoint, {
          method: 'POST',
          headers: { ...MCP_HEADERS, authorization: `Bearer guess-number-${index}` },
          body: list,
        });
        statuses.push(response.status);
        if (response.status === 429) expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
      }
      expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401));
      expect(statuses.slice(10)).toEqual([429, 429]);
      const right = await fetch(guessed.endpoint, {
        method: 'POST',
        headers: MCP_HEADERS,
        body: list,
      });
      expect(right.status).toBe(200);
    } finally {
      await guessed.close();
    }
  });
});

describe('T19: DNS rebinding', () => {
  it.each(['evil.example', 'rucio-mcp.example.org.evil.example', 'user@localhost', '169.254.1.1'])(
    'refuses the Host %s',
    async (host) => {
      const response = await post(list, { host });
      expect(response.status).toBe(403);
      expect(JSON.parse(response.body)).toMatchObject({ jsonrpc: '2.0' });
    },
  );

  it.each(['rucio-mcp.example.org', 'RUCIO-MCP.example.org:443', 'localhost:1234', '[::1]:9'])(
    'accepts the Host %s',
    async (host) => {
      expect((await post(list, { host })).status).toBe(200);
    },
  );

  it.each([
    'https://evil.example',
    'null',
    'file://',
    'https://rucio-mcp.example.org.evil.example',
  ])('refuses the Origin %s', async (origin) => {
    const response = await post(list, { origin });
    expect(response.status).toBe(403);
    expect(response.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('does not believe X-Forwarded-Host', async () => {
    const response = await post(list, {
      host: 'evil.example',
      'x-forwarded-host': 'rucio-mcp.example.org',
    });
    expect(response.status).toBe(403);
  });
});

describe('browser clients', () => {
  const preflight = (origin: string) =>
    raw({
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });

  it('get their preflight answered before authentication', async () => {
    const response = await preflight('https://inspector.example.org');
    expect(response.status).toBe(204);
    expect(response.headers['access-control-allow-origin']).toBe('https://inspector.example.org');
    for (const header of ['Authorization', 'MCP-Protocol-Version', 'Mcp-Method', 'Mcp-Name']) {
      expect(response.headers['access-control-allow-headers']).toContain(header);
    }
  });

  it('can read the challenge', async () => {
    const response = await post(list, {
      authorization: '',
      origin: 'https://inspector.example.org',
    });
    expect(response.status).toBe(401);
    expect(response.headers['access-control-expose-headers']).toContain('WWW-Authenticate');
  });

  it('of other origins are refused at the preflight', async () => {
    expect((await preflight('https://evil.example')).status).toBe(403);
  });
});

describe('hostile bodies', () => {
  it.each([
    ['larger than the limit', JSON.stringify({ text: 'x'.repeat(4000) }), 413],
    ['nested too deeply', `${'['.repeat(400)}${']'.repeat(400)}`, 400],
    ['malformed', '{"jsonrpc": "2.0", ', 400],
    ['empty', '', 400],
    ['a batch', `[${list}]`, 400],
    ['polluting prototypes', '{"jsonrpc":"2.0","id":1,"method":"ping","__proto__":{"x":1}}', 400],
    ['a bare number', '7', 400],
  ])('that are %s get a JSON-RPC error', async (_name, body, status) => {
    const response = await post(body);
    expect(response.status).toBe(status);
    const answer = JSON.parse(response.body) as { error: { code: number; message: string } };
    expect(answer).toMatchObject({ jsonrpc: '2.0', error: { code: expect.any(Number) as number } });
    expect(response.body).not.toMatch(/ at |node_modules|FST_ERR/);
  });

  it('of another media type are refused', async () => {
    const response = await post(list, { 'content-type': 'text/plain' });
    expect(response.status).toBe(415);
    expect(JSON.parse(response.body)).toHaveProperty('error.code');
  });

  it('with too large a head are refused', async () => {
    const response = await post(list, { 'x-padding': 'x'.repeat(8000) });
    expect(response.status).toBe(431);
  });
});

describe('T21: slowloris', () => {
  it('is cut off when the request does not arrive within its time', async () => {
    const slow = await startTestApp({
      change: (document) => ({ ...document, limits: { ...document.limits, requestSeconds: 1 } }),
    });
    try {
      const answer = await new Promise<string>((resolve, reject) => {
        const socket = connect(Number(new URL(slow.url).port), '127.0.0.1');
        let text = '';
        socket.on('data', (chunk) => (text += chunk.toString()));
        socket.on('close', () => resolve(text));
        socket.on('error', reject);
        const head = Object.entries(MCP_HEADERS).map(([name, value]) => `${name}: ${value}`);
        socket.write(
          `POST /site/demo HTTP/1.1\r\nHost: localhost\r\n${head.join('\r\n')}\r\n` +
            'Content-Length: 500\r\n\r\n{',
        );
      });
      expect(answer).toMatch(/^HTTP\/1.1 408 /);
    } finally {
      await slow.close();
    }
  });
});

test('a request may take as long as the limits allow at most', async () => {
  const patient = await startTestApp({
    change: (document) => ({ ...document, limits: { ...document.limits, requestSeconds: 600 } }),
  });
  expect((await fetch(`${patient.url}/healthz`)).status).toBe(200);
  await patient.close();
});

describe('other paths', () => {
  it('of sites that are not served are not found', async () => {
    const response = await raw({ path: '/site/atlas/', headers: MCP_HEADERS, body: list });
    expect(response.status).toBe(404);
  });

  it('T27: metrics port: do not show metrics on the public listener', async () => {
    expect((await raw({ path: '/metrics', method: 'GET' })).status).toBe(404);
  });

  it('answer session operations of 2025 with 405', async () => {
    for (const method of ['GET', 'DELETE']) {
      const { authorization } = MCP_HEADERS;
      const response = await raw({ method, headers: { authorization } });
      expect(response.status).toBe(405);
      expect(response.headers['allow']).toBe('POST, OPTIONS');
    }
  });

  it('answer probes whatever Host the kubelet sends', async () => {
    for (const path of ['/healthz', '/readyz']) {
      const response = await raw({ path, method: 'GET', headers: { host: '10.244.1.7:9000' } });
      expect(response.status).toBe(200);
    }
  });
});

describe('every answer', () => {
  it('forbids caching, framing and sniffing', async () => {
    for (const response of [await post(list), await post('{'), await raw({ path: '/none' })]) {
      expect(response.headers).toMatchObject({
        'cache-control': expect.stringContaining('no-store') as string,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'strict-transport-security': 'max-age=31536000',
      });
    }
  });
});
