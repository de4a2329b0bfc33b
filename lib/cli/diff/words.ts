import { isMap } from '../values/values-map';
import type { Change, PathPart } from './differences';
import { HiddenValue } from './meaning';
import { DIGEST_DIGITS } from './state-diff';

/** Longest text of a value that is shown, in characters. */
const MAX_SHOWN = 72;

/** Places that every reader knows, and how they are called. */
const PLACES: readonly (readonly [prefix: string, word: string])[] = [
  ['spec.template.metadata.labels.', 'pod label '],
  ['spec.template.metadata.annotations.', 'pod annotation '],
  ['spec.template.spec.', ''],
  ['metadata.labels.', 'label '],
  ['metadata.annotations.', 'annotation '],
  ['metadata.', ''],
  ['spec.', ''],
  ['binaryData.', 'file '],
  ['data.', ''],
];

/** What one item of a list is called. */
const ITEMS: Readonly<Record<string, string>> = {
  containers: 'container',
  initContainers: 'init container',
  env: 'variable',
  ports: 'port',
  volumes: 'volume',
  volumeMounts: 'mount',
  rules: 'rule',
  paths: 'path',
  items: 'key',
  sites: 'site',
  clients: 'client',
  panels: 'panel',
  groups: 'group',
  endpoints: 'endpoint',
  ingress: 'rule in',
  egress: 'rule out',
};

/** A path in words: `container rucio-mcp, variable RUCIO_ACCOUNT`. */
export function pathWords(path: readonly PathPart[]): string {
  const keys = path.map((part) => (typeof part === 'string' ? part : `[${part.item}]`)).join('.');
  const [prefix, word] = PLACES.find(([start]) => keys.startsWith(start)) ?? ['', ''];
  const skipped = prefix === '' ? 0 : prefix.split('.').length - 1;
  const parts: string[] = [];
  let plain: string[] = [];
  const flush = () => {
    if (plain.length > 0) parts.push(plain.join('.'));
    plain = [];
  };
  for (const [index, part] of path.slice(skipped).entries()) {
    if (typeof part === 'string') {
      // The flags of a container that serves.
      if (plain.join() === 'serve' && index > 1) plain = [`--${part}`];
      else plain.push(part);
    } else {
      const list = plain.pop() ?? '';
      flush();
      parts.push(`${ITEMS[list] ?? list} ${part.item}`);
    }
  }
  // The value of a variable is the variable.
  if (plain.length === 1 && plain[0] === 'value' && parts.length > 0) plain = [];
  flush();
  return `${word}${parts.join(', ')}`;
}

/** A path as programs read it: `spec.template.spec.containers[rucio-mcp].image`. */
export function pathText(path: readonly PathPart[]): string {
  return path
    .map((part, index) => {
      if (typeof part !== 'string') return `[${part.item}]`;
      const isWord = /^[A-Za-z_][\w-]*$/.test(part);
      return isWord ? `${index === 0 ? '' : '.'}${part}` : `[${JSON.stringify(part)}]`;
    })
    .join('');
}

/** A value in a few words. */
export function valueWords(value: unknown): string {
  if (value instanceof HiddenValue) return '(not shown)';
  if (typeof value === 'string') return textWords(value);
  if (isMap(value) || Array.isArray(value)) return shortened(JSON.stringify(value));
  return String(value);
}

function textWords(text: string): string {
  if (text === '') return '""';
  if (text.includes('\n')) return `text of ${text.trimEnd().split('\n').length} lines`;
  return shortened(
    text.replaceAll(/\b([0-9a-f]{64})\b/g, (digest) => digest.slice(0, DIGEST_DIGITS)),
  );
}

function shortened(text: string): string {
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}...`;
}

/** The lines that a text has gained and lost; `undefined` where a change is about something else. */
export function lineChanges({ before, after }: Change): readonly string[] | undefined {
  if (typeof before !== 'string' || typeof after !== 'string') return undefined;
  if (!`${before}${after}`.includes('\n')) return undefined;
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  const lines = [
    ...old.filter((line) => !fresh.includes(line)).map((line) => `- ${shortened(line)}`),
    ...fresh.filter((line) => !old.includes(line)).map((line) => `+ ${shortened(line)}`),
  ];
  return lines.length === 0 ? undefined : lines;
}
