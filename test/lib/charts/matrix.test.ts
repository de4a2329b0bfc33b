import { textsAt, valuesAt } from '../../../lib/constructs/checks/manifest';
import { synthManifests, synthYaml } from '../synth';
import { MATRIX } from './matrix';
import { withoutTexts } from './stable';
import { strictSchemaProblems } from './strict-schema-problems';

const synthesized = MATRIX.map(([name, values]) => {
  const options = { values, allowUnserved: true };
  return { name, yaml: synthYaml(options), manifests: synthManifests(options) };
});

test.each(synthesized)('$name', ({ yaml }) => {
  expect(withoutTexts(yaml)).toMatchSnapshot();
});

test('of all of them, Kubernetes and the custom resources know every field and its type', () => {
  const manifests = synthesized.flatMap(({ manifests: all }) => all);
  expect(new Set(manifests.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(15);
  expect(strictSchemaProblems(manifests)).toEqual([]);
});

test.each(synthesized)(
  '$name: what selects the pods of the release is as the chart has it',
  (all) => {
    const deployment = all.manifests.find(({ kind }) => kind === 'Deployment');
    expect(valuesAt(deployment, 'spec.selector.matchLabels')).toEqual([
      { 'app.kubernetes.io/name': 'rucio-mcp', 'app.kubernetes.io/instance': 'rucio-mcp' },
    ]);
  },
);

test.each(synthesized)('$name: no value of the operator is read by a shell', ({ manifests }) => {
  const commands = manifests.flatMap((manifest) =>
    (valuesAt(manifest, 'spec.template.spec.containers.*') as { command?: string[] }[]).map(
      ({ command = [] }) => command,
    ),
  );
  const scripts = commands
    .filter(([program = '']) => /sh$/.test(program))
    .map(([, , script]) => script);
  const fixed =
    'set -e\neval "$(pixi shell-hook --manifest-path /workspace/pixi.toml --shell bash)"\nexec "$@"';
  for (const script of scripts) expect(script).toBe(fixed);
});

test.each(synthesized)('$name: every pod may pull its image', ({ name, manifests }) => {
  const pods = manifests.filter(({ kind }) => ['Deployment', 'Job'].includes(kind));
  const secrets = pods.map((pod) => textsAt(pod, 'spec.template.spec.imagePullSecrets.*.name'));
  expect(secrets).toEqual(pods.map(() => (name === 'everything optional' ? ['registry'] : [])));
});
