import type { ConfigIssue, IssuePath } from '../issues';
import type { Rule } from '../parse';
import { duplicates } from '../duplicates';
import type { Values } from './values';

/** Labels that the manifests set themselves; the first two select the pods. */
const OWN_LABELS = [
  'app.kubernetes.io/name',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/version',
  'app.kubernetes.io/component',
  'app.kubernetes.io/part-of',
  'app.kubernetes.io/managed-by',
];

/** Annotations of the pod that the manifests set themselves. */
const OWN_ANNOTATIONS = ['checksum/config'];

/** Variables of the server's own. */
const OWN_VARIABLES = /^RUCIO_MCP_/;

/** Names of variables whose value is hardly anything but a secret. */
const SECRET_NAMES = /(^|_)(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i;

/** Conditions on the parts of the pod that operators write themselves. */
export const podRules: readonly Rule<Values>[] = [
  {
    reads: [['podLabels']],
    check: ({ podLabels }) => ownKeys('podLabels', podLabels, OWN_LABELS),
  },
  {
    reads: [['podAnnotations']],
    check: ({ podAnnotations }) => ownKeys('podAnnotations', podAnnotations, OWN_ANNOTATIONS),
  },
  {
    reads: [['extraEnv']],
    check: ({ extraEnv }) => [
      ...extraEnv.flatMap((variable, index) => variableIssues(variable, ['extraEnv', index])),
      ...duplicates(extraEnv.map(({ name }) => String(name))).map((index) => ({
        path: ['extraEnv', index, 'name'],
        message: 'a variable of this name is already in the list',
        fix: 'remove one of them',
      })),
    ],
  },
];

function ownKeys(
  section: string,
  given: Readonly<Record<string, string>>,
  own: readonly string[],
): ConfigIssue[] {
  return own
    .filter((key) => Object.hasOwn(given, key))
    .map((key) => ({
      path: [section, key],
      message: 'is set by the manifests themselves',
      fix: 'remove it, or use another key',
    }));
}

function variableIssues(
  variable: Readonly<Record<string, unknown>>,
  path: IssuePath,
): ConfigIssue[] {
  const { name, value, valueFrom } = variable;
  const issue = (field: string, message: string, fix: string): ConfigIssue[] => [
    { path: [...path, field], message, fix },
  ];
  if (typeof name !== 'string' || !/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name)) {
    return issue('name', 'is not the name of a variable', 'use letters, digits and "_"');
  }
  if (OWN_VARIABLES.test(name)) {
    return issue('name', 'belongs to the server', 'use the setting in the values instead');
  }
  if (value !== undefined && typeof value !== 'string') {
    return issue('value', 'is not text', 'quote it');
  }
  if (value !== undefined && valueFrom !== undefined) {
    return issue('valueFrom', 'stands beside "value"', 'keep one of them');
  }
  if (value !== undefined && value !== '' && SECRET_NAMES.test(name)) {
    return issue(
      'value',
      'seems to be a secret in plain text',
      'put it into a Secret and use valueFrom.secretKeyRef',
    );
  }
  return [];
}
