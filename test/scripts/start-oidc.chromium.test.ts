import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { Browser } from 'playwright-core';

import { Person, codeIn, launchChromium } from '../oidc/person';
import { describeWith } from '../support/requirements';
import { OidcDemo, addressOf } from './oidc-demo';

const AXE = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');

describeWith('chromium', 'npm start -- --oidc, in a real browser', (executablePath) => {
  let chromium: Browser;

  beforeAll(async () => {
    chromium = await launchChromium(executablePath);
  }, 60_000);
  afterAll(() => chromium.close());

  test.each([
    ['poll', 'jane', 'jdoe'],
    ['code', 'priya', 'prodsys'],
  ])(
    'by %s, %s clicks from the consent to the last page, and is %s',
    async (how, name, account) => {
      const demo = await OidcDemo.start('--login', how);
      // All pages count: the server's, Rucio's and the provider's.
      const person = await Person.at(chromium, 'http://127.0.0.1');
      try {
        const command = demo.attempt();
        const pages = await person.allow(await addressOf(command));
        await pages.rucio.getByRole('heading', { name: 'Sign in' }).waitFor();
        await pages.rucio.evaluate(AXE);
        expect(await pages.rucio.evaluate('axe.run().then((it) => it.violations)')).toEqual([]);
        const last = await person.signInAtProvider(pages, name);
        await person.confirm(pages, account, how === 'code' ? codeIn(last) : undefined);
        expect(await command.ended()).toBe(0);
        expect(command.output).toContain(`"account":"${account}"`);
        expect(person.complaints).toEqual([]);
      } finally {
        await person.context.close();
        expect((await demo.stop()).code).toBe(0);
      }
    },
    120_000,
  );
});
