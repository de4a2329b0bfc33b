import { ApiObject, App, Chart } from 'cdk8s';
import { KubeDeployment, KubeService } from 'cdk8s-plus-28/lib/imports/k8s';
import type { KubeDeploymentProps } from 'cdk8s-plus-28/lib/imports/k8s';

import { createResource, droppedFields } from '../../../lib/constructs/resource';

function chart(): { app: App; chart: Chart } {
  const app = new App();
  return { app, chart: new Chart(app, 'chart') };
}

/** A Deployment of the 1.28 model with a field that Kubernetes 1.30 brought. */
const sleep: object = { sleep: { seconds: 5 } };
const planted: KubeDeploymentProps = {
  spec: {
    selector: { matchLabels: { app: 'a' } },
    template: {
      spec: {
        containers: [{ name: 'c', lifecycle: { preStop: sleep } }],
      },
    },
  },
};

test('a field that the generated class drops fails the synth', () => {
  const { app, chart: scope } = chart();
  createResource(scope, 'planted', KubeDeployment, planted);
  expect(() => app.synthYaml()).toThrow(
    '[chart/planted] Deployment.spec.template.spec.containers[0].lifecycle.preStop.sleep was set, ' +
      'but is not in the manifest: the class of this kind does not know it',
  );
});

test('the same field in a plain object comes out', () => {
  const { app, chart: scope } = chart();
  createResource(scope, 'plain', ApiObject, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    ...planted,
  });
  expect(app.synthYaml()).toContain('seconds: 5');
});

test('names that differ in case only are the same field', () => {
  const { app, chart: scope } = chart();
  createResource(scope, 'service', KubeService, { spec: { clusterIp: 'None' } });
  expect(app.synthYaml()).toContain('clusterIP: None');
});

test('a changed value, a shorter list and a missing map are told', () => {
  expect(droppedFields({ a: 1, b: [1, 2], c: { d: 1 } }, { a: 2, b: [1] }, 'X')).toEqual([
    'X.a was set, but the manifest has another value',
    'X.b was set, but is not in the manifest: the class of this kind does not know it',
    'X.c was set, but is not in the manifest: the class of this kind does not know it',
  ]);
});

test('what is left undefined counts as not set', () => {
  expect(droppedFields({ a: undefined, b: 1 }, { b: 1, added: true }, 'X')).toEqual([]);
});
