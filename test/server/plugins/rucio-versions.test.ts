import { Site } from '../../../lib/contract/sites';
import { logRucioVersions } from '../../../server/plugins/rucio-versions';
import { eventually } from '../../support/eventually';
import { type FaultServer, html, json, startFaultServer } from '../../support/fault-server';

let rucio: FaultServer;
beforeEach(async () => {
  rucio = await startFaultServer();
});
afterEach(() => rucio.close());

type Line = readonly [level: string, about: unknown, text: unknown];

function start(): Line[] {
  const lines: Line[] = [];
  const site = Site.parse({ name: 'demo', rucioHost: rucio.url, authHost: rucio.url });
  logRucioVersions([site], {
    info: (about: unknown, text?: unknown) => void lines.push(['info', about, text]),
    warn: (about: unknown, text?: unknown) => void lines.push(['warn', about, text]),
  });
  return lines;
}

test.each([
  ['35.9.2', 'info', 'the version of Rucio is supported'],
  ['34.6.0', 'warn', /not supported: it is older than 35/],
  ['42.1.0', 'warn', /not supported: it is newer than 41/],
  ['dev', 'warn', /not supported: it has no number/],
])('of version %s the log says so, as %s', async (version, level, text) => {
  rucio.on('GET /ping', json({ version }));
  const lines = start();
  await eventually(() => lines.length > 0);
  const matching: unknown = expect.stringMatching(text);
  expect(lines).toEqual([[level, { site: 'demo', rucio: version }, matching]]);
});

test('forged log lines: a version can not act on a terminal', async () => {
  rucio.on('GET /ping', json({ version: '41\u001b[2J\nfatal' }));
  const lines = start();
  await eventually(() => lines.length > 0);
  expect(JSON.stringify(lines)).not.toMatch(/\\u001b|\\n/);
});

test('of a Rucio that does not answer nothing is said', async () => {
  rucio.on('GET /ping', html(503));
  const lines = start();
  await eventually(() => rucio.seen('GET /ping').length > 0);
  expect(lines).toEqual([]);
});
