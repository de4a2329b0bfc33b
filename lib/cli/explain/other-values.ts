import type { SchemaNode } from './values-schema';

/** Texts of many forms: the schema says which of them a value may have. */
const TEXTS = [
  'example',
  'other.example.org',
  'https://other.example.org',
  '45s',
  '/example',
  '10.1.2.0/24',
  'v1.2.3',
  `sha256:${'0'.repeat(64)}`,
  '200m',
  '0123456789abcdef0123456789abcdef',
];

/**
 * Values that a place might have instead of the one it has, most likely ones first. Whether one is
 * allowed is for the parser to say.
 */
export function otherValues(node: SchemaNode, current: unknown): readonly unknown[] {
  const words = node.const === undefined ? node.enum : [node.const];
  const all = words ?? candidates(node, current);
  return all.filter((value) => JSON.stringify(value) !== JSON.stringify(current));
}

function candidates(node: SchemaNode, current: unknown): readonly unknown[] {
  const examples = node.examples ?? [];
  const arms = node.anyOf ?? node.oneOf;
  if (arms !== undefined) {
    return [...examples, ...arms.flatMap((arm) => otherValues(arm, current))];
  }
  switch (node.type) {
    case 'boolean':
      return [current !== true];
    case 'integer':
    case 'number': {
      const number = typeof current === 'number' ? current : (node.minimum ?? 1);
      return [...examples, number + 1, number - 1, number * 2];
    }
    case 'string':
      return [...examples, ...TEXTS, typeof current === 'string' ? `${current}x` : 'x'];
    case 'array': {
      const list = Array.isArray(current) ? (current as unknown[]) : [];
      const items = node.items === undefined ? [] : otherValues(node.items, undefined);
      return [...examples, ...items.map((item) => [...list, item]), list.slice(0, 1), []];
    }
    case 'object': {
      const map = typeof current === 'object' && current !== null ? current : {};
      const inner = typeof node.additionalProperties === 'object' ? node.additionalProperties : {};
      const texts = otherValues({ type: 'string', ...inner }, undefined);
      return [...examples, ...texts.map((text) => ({ ...map, 'example.org/key': text }))];
    }
    default:
      return [...examples, ...TEXTS];
  }
}
