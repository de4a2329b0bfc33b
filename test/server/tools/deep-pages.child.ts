/** Reads pages of a list with the real client and tool, in a process of its own; see the test. */
import { Site } from '../../../lib/contract/sites';
import { createRucio } from '../../../server/rucio/client';
import { createSealer } from '../../../server/sealer';
import { listContent } from '../../../server/tools/dids/list-content';
import { parseInput } from '../../../server/tools/input';
import { pageTokensOf } from '../../../server/tools/results';

interface Task {
  readonly url: string;
  readonly usernameFile: string;
  readonly passwordFile: string;
  readonly calls: readonly Record<string, unknown>[];
}

async function main(task: Task): Promise<void> {
  const { url, usernameFile, passwordFile, calls } = task;
  const site = Site.parse({ name: 'test', rucioHost: url, authHost: url });
  const { client, close } = await createRucio(
    site,
    { account: 'robot', credentials: { type: 'userpass', usernameFile, passwordFile } },
    { rucioSeconds: 60, rucioConnections: 2 },
  );
  for (const args of calls) {
    const answer = await listContent.run(parseInput(listContent, args), {
      rucio: client,
      site,
      account: 'robot',
      readOnly: true,
      session: { scopes: [] },
      sealer: createSealer(),
      consent: { canAsk: false },
      confirmAboveBytes: 0,
      audit: () => undefined,
      signal: AbortSignal.timeout(120_000),
      deadlineMs: 120_000,
      pageTokens: pageTokensOf(args),
      progress: () => undefined,
    });
    const { rows, total, next_offset } = answer;
    const { maxRSS } = process.resourceUsage();
    process.stdout.write(`${JSON.stringify({ rows, total, next_offset, maxRssKiB: maxRSS })}\n`);
  }
  await close();
}

void main(JSON.parse(process.argv[2] ?? '{}') as Task);
