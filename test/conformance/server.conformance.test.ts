import { sitePath } from '../../lib/contract/endpoints';
import { DEMO_SITE } from '../../scripts/demo/demo-values';
import { type DemoRucio, startDemoRucio } from '../../server/demo/start-demo-rucio';
import { type DemoPod, readyDemoPod } from '../e2e/demo-pod';
import { describeWith } from '../support/requirements';
import { type BearerProxy, startBearerProxy } from './bearer-proxy';
import { runScenario } from './run-scenario';

/** Scenarios with what they must answer: checks passed of checks, warnings, checks that must fail. */
type Expectation = [scenario: string, passed: string, warnings: number, failures: string[]];

/** These call tools with fixed names that only a server made for the suite has. */
const NEED_FIXTURE_TOOLS = [
  'sep-2575-server-rejects-undeclared-capability',
  'sep-2575-missing-capability-http-400',
  'sep-2575-http-server-no-independent-requests-on-stream',
  'sep-2575-server-no-log-without-loglevel',
];

/** All scenarios that a server without the suite's own tools, resources and prompts can pass. */
const APPLICABLE: Record<string, Expectation[]> = {
  '2026-07-28': [
    ['tools-list', '4/4', 0, []],
    ['resources-list', '2/2', 0, []],
    ['prompts-list', '2/2', 0, []],
    ['caching', '8/8', 0, []],
    ['http-header-validation', '14/14', 0, []],
    ['sep-2164-resource-not-found', '4/4', 0, []],
    ['dns-rebinding-protection', '2/2', 0, []],
    ['server-sse-multiple-streams', '1/1', 0, []],
    ['input-required-result-unsupported-methods', '2/2', 0, []],
    ['input-required-result-validate-input', '3/3', 0, []],
    ['server-stateless', '24/28', 0, NEED_FIXTURE_TOOLS],
  ],
  '2025-11-25': [
    ['server-initialize', '2/2', 0, []],
    ['ping', '2/2', 0, []],
    ['tools-list', '3/3', 0, []],
    ['resources-list', '2/2', 0, []],
    ['prompts-list', '2/2', 0, []],
    ['dns-rebinding-protection', '2/2', 0, []],
    // Without sessions there is nothing to check; the suite would rather see a session id.
    ['server-sse-multiple-streams', '0/0', 1, []],
    ['server-session-lifecycle', '0/0', 0, []],
  ],
};

describeWith('conformance', 'the official conformance suite against the pod', (suite) => {
  let rucio: DemoRucio;
  let demo: DemoPod;
  let proxy: BearerProxy;
  const summaries: string[] = [];
  beforeAll(async () => {
    rucio = await startDemoRucio();
    demo = await readyDemoPod({ rucioUrl: rucio.url });
    proxy = await startBearerProxy(demo.endpoint, demo.bearer);
  }, 60_000);
  afterAll(async () => {
    await proxy.close();
    await demo.pod.stop();
    await rucio.close();
    process.stdout.write(`${summaries.join('\n')}\n`);
  }, 60_000);

  describe.each(Object.entries(APPLICABLE))('revision %s', (revision, expectations) => {
    test.each(expectations)(
      '%s: %s',
      async (scenario, passed, warnings, failures) => {
        const url = proxy.url + sitePath(DEMO_SITE);
        const outcome = await runScenario({ suite, url, scenario, revision });
        summaries.push(`conformance ${revision} ${scenario}: ${outcome.summary}`);
        expect(outcome).toEqual({
          summary: `Passed: ${passed}, ${failures.length} failed, ${warnings} warnings`,
          failures,
        });
      },
      60_000,
    );
  });
});
