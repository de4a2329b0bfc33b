import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Client } from '@modelcontextprotocol/sdk/client/index.js';

import { startPythonServerIn } from '../../bench/tools/load/python-server';
import { QUESTIONS } from '../../bench/tools/questions';
import { PYTHON_CHAINS } from '../../bench/tools/questions/python-chains';
import {
  type PythonFigure,
  connect,
  runPythonChain,
} from '../../bench/tools/questions/run-python-chain';
import { SEED_IDENTITIES } from '../../server/demo/seed-accounts';
import { type RealRucio, startRealRucio } from '../support/real-rucio/start-real-rucio';
import { describeWith } from '../support/requirements';

const FIGURES = join(__dirname, '../../bench/tools/questions/python-figures.json');
const ACCOUNTS = ['jdoe', 'root'] as const;
/** Dates and ids differ from run to run, and so do their tokens. */
const TOLERANCE = 0.05;

type Figures = Record<string, PythonFigure>;

describeWith(
  ['real-rucio', 'python-server'],
  'the questions, asked of the Python server beside ours',
  (directory, environment) => {
    let rucio: RealRucio;
    const clients = new Map<string, Client>();
    const stops: (() => Promise<void>)[] = [];
    const figures: Figures = {};
    let committed: Figures;

    beforeAll(async () => {
      committed = JSON.parse(await readFile(FIGURES, 'utf8').catch(() => '{}')) as Figures;
      rucio = await startRealRucio(directory);
      for (const account of ACCOUNTS) {
        const identity = SEED_IDENTITIES.find(({ accounts }) => accounts[0] === account);
        if (identity === undefined) throw new Error(`no identity for ${account}`);
        const server = await startPythonServerIn(environment, rucio.url, { ...identity, account });
        stops.push(() => server.stop());
        const { authorization = '' } = server.headers as Record<string, string>;
        clients.set(account, await connect(server.url, { authorization }));
      }
    }, 180_000);
    afterAll(async () => {
      for (const client of clients.values()) await client.close();
      for (const stop of stops) await stop();
      await rucio.stop();
      if (process.env['UPDATE_FIGURES'] === '1') {
        await writeFile(FIGURES, `${JSON.stringify(figures, undefined, 2)}\n`);
      }
    }, 60_000);

    test('there is one chain for each question, with the same facts to find', () => {
      expect(PYTHON_CHAINS.map(({ number, facts }) => [number, Object.keys(facts)])).toEqual(
        QUESTIONS.map(({ number, facts }) => [number, Object.keys(facts)]),
      );
    });

    test.each(PYTHON_CHAINS)(
      'question $number takes the calls, tokens and facts of the table',
      async (chain) => {
        const client = clients.get(chain.account);
        if (client === undefined) throw new Error(`nobody is signed in as ${chain.account}`);
        const figure = await runPythonChain(chain, client);
        figures[chain.number] = figure;
        if (process.env['UPDATE_FIGURES'] === '1') return;
        const { tokens, ...wanted } = committed[chain.number] ?? { tokens: 0 };
        const { tokens: counted, ...rest } = figure;
        expect(rest).toEqual(wanted);
        expect(Math.abs(counted - tokens)).toBeLessThanOrEqual(tokens * TOLERANCE + 25);
      },
    );
  },
);
