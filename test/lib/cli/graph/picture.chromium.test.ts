import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { type Browser, type Page, chromium } from 'playwright-core';

import { deploymentModel } from '../../../../lib/cli/deployment/deployment-model';
import { html } from '../../../../lib/cli/graph/html';
import { svg } from '../../../../lib/cli/graph/svg';
import { planFrom } from '../../../../lib/contract/plan';
import { DEFAULT_RELEASE } from '../../../../lib/contract/release';
import { describeWith } from '../../../support/requirements';
import { MATRIX } from '../../charts/matrix';
import { synthManifests } from '../../synth';

const AXE = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');

interface Findings {
  readonly violations: readonly { readonly id: string }[];
}

function modelOf(name: string) {
  const [, values] = MATRIX.find(([title]) => title === name)!;
  return deploymentModel(planFrom(values, DEFAULT_RELEASE), synthManifests({ values }));
}

describeWith('chromium', 'the picture, in a real browser', (executablePath) => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
  }, 60_000);
  afterAll(() => browser.close());

  const model = modelOf('everything optional');

  test('the drawing is well-formed XML', async () => {
    const text = JSON.stringify(svg(model));
    const root: string = await page.evaluate(
      `new DOMParser().parseFromString(${text}, 'image/svg+xml').documentElement.localName`,
    );
    expect(root).toBe('svg');
  });

  test('no text runs out of its card', async () => {
    await page.setContent(html(model));
    const out: string[] = await page.evaluate(`
      [...document.querySelectorAll('.part')].flatMap((part) => {
        const { right } = part.querySelector('.card:last-of-type').getBoundingClientRect();
        return [...part.querySelectorAll('text')]
          .filter((text) => text.getBoundingClientRect().right > right)
          .map((text) => text.textContent);
      })`);
    expect(out).toEqual([]);
  });

  test.each(['light', 'dark'] as const)('the page is accessible, %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await page.setContent(html(model));
    await page.evaluate(AXE);
    const found: Findings = await page.evaluate('axe.run()');
    expect(found.violations.map(({ id }) => id)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('pointing at a card or reaching it by keyboard leaves only its own lines strong', async () => {
    await page.setContent(html(model));
    const faded = (): Promise<number> =>
      page.evaluate(`
        [...document.querySelectorAll('.drawing>.line')]
          .filter((line) => getComputedStyle(line).opacity !== '1').length`);
    expect(await faded()).toBe(0);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await faded()).toBeGreaterThan(0);
  });

  test('on paper it is light whatever the screen is', async () => {
    await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
    await page.setContent(html(model));
    const fill: string = await page.evaluate(
      `getComputedStyle(document.querySelector('.page')).fill`,
    );
    expect(fill).toBe('rgb(255, 255, 255)');
  });
});
