import { html, json } from '../../../support/fault-server';
import {
  type RucioOnFaultServer,
  rucioOnFaultServer,
} from '../../../support/rucio-on-fault-server';
import { runTool, toolFailure } from '../../../support/run-tool';

let rucio: RucioOnFaultServer;

beforeEach(async () => {
  rucio = await rucioOnFaultServer();
});
afterEach(() => rucio.close());

describe('rucio_ping', () => {
  it('tells site and version, and needs no session', async () => {
    rucio.server.on('GET /ping', json({ version: '41.5.1', more: 1 }));
    await expect(runTool('rucio_ping', {}, rucio)).resolves.toEqual({
      site: 'test',
      server_version: '41.5.1',
    });
    expect(rucio.server.requests).toHaveLength(1);
  });

  it('is RUCIO_DOWN when Rucio is', async () => {
    rucio.server.on('GET /ping', html(503));
    const error = await toolFailure(runTool('rucio_ping', {}, rucio));
    expect(error.code).toBe('RUCIO_DOWN');
  });
});

describe('rucio_whoami', () => {
  const answer = {
    account: 'robot',
    account_type: 'SERVICE',
    status: 'ACTIVE',
    email: 'robot@example.org',
    created_at: '2026-11-22T07:48:13',
    suspended_at: null,
  };
  const expected = {
    account: 'robot',
    type: 'SERVICE',
    status: 'ACTIVE',
    email: 'robot@example.org',
    site: 'test',
    vo: 'def',
    server_version: '41.5.1',
    writes_allowed: false,
    session_expires_at: null,
    toolsets: [],
  };

  beforeEach(() => {
    rucio.server.on('GET /ping', json({ version: '41.5.1' }));
    rucio.server.on('GET /accounts/whoami', html(303, { location: 'robot' }));
    rucio.server.on('GET /accounts/robot', json(answer));
  });

  it('tells account, site and version', async () => {
    await expect(runTool('rucio_whoami', {}, rucio)).resolves.toEqual(expected);
  });

  it('tells whether writes are allowed', async () => {
    const result = await runTool('rucio_whoami', {}, rucio, { readOnly: false });
    expect(result).toEqual({ ...expected, writes_allowed: true });
  });

  it('tells when the session ends and which toolsets are shown', async () => {
    const result = await runTool('rucio_whoami', {}, rucio, {
      session: {
        scopes: [],
        expiresAt: new Date('2125-01-02T03:04:05Z'),
        toolsets: ['core', 'session'],
      },
    });
    expect(result).toMatchObject({
      session_expires_at: '2125-01-02T03:04Z',
      toolsets: ['core', 'session'],
    });
  });

  it('does without the version when Rucio does not tell it', async () => {
    rucio.server.on('GET /ping', html(404));
    const result = await runTool('rucio_whoami', {}, rucio);
    expect(result).toEqual({ ...expected, server_version: null });
  });
});
