import { setTimeout as delay } from 'node:timers/promises';

import type { FastifyBaseLogger } from 'fastify';

import type { Site } from '../../lib/contract/sites';
import { readBounded } from '../rucio/body';
import { connectSite } from '../rucio/client';
import { parseJson } from '../rucio/json';
import { Ping } from '../rucio/schemas/meta';
import { versionNote } from '../rucio/supported-versions';
import { escapeName } from '../rucio/untrusted-text';

type VersionLog = Pick<FastifyBaseLogger, 'info' | 'warn'>;

const LIMITS = { rucioSeconds: 10, rucioConnections: 1 };
/** Until a Rucio that does not answer is asked again, in milliseconds. */
const AGAIN_MS = 60_000;
/** Largest answer that is read, in bytes. */
const MAX_BYTES = 4096;

/**
 * Tells in the log which version each site's Rucio has, and warns of one that is older or newer than
 * those that this server is tested with. In the background: a Rucio that does not answer is asked
 * again each minute, and nothing waits for it.
 */
export function logRucioVersions(sites: readonly Site[], log: VersionLog): void {
  for (const site of sites) void logVersion(site, log);
}

async function logVersion(site: Site, log: VersionLog): Promise<void> {
  for (;;) {
    const version = await readVersion(site).catch(() => undefined);
    if (version !== undefined) {
      const note = versionNote(version);
      const about = { site: site.name, rucio: escapeName(version) };
      if (note === undefined) log.info(about, 'the version of Rucio is supported');
      else log.warn(about, `the version of Rucio is not supported: ${note}`);
      return;
    }
    await delay(AGAIN_MS, undefined, { ref: false });
  }
}

async function readVersion(site: Site): Promise<string> {
  const { http, close } = connectSite(site, LIMITS);
  try {
    const signal = AbortSignal.timeout(LIMITS.rucioSeconds * 1000);
    const answer = await http.send({ operation: 'read_version', segments: ['ping'], signal });
    const text = await readBounded(answer.body, MAX_BYTES);
    return Ping.parse(parseJson(text ?? '')).version;
  } finally {
    await close();
  }
}
