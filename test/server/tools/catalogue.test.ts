import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { TOOLS, TOOL_NAMES } from '../../../lib/contract/tools';
import { ALL_TOOLS } from '../../../server/tools';

const ROOT = join(__dirname, '../../../server/tools');

/** The files of the collections: `dids/list-dids.ts`. */
const FILES = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.includes('/') && file.endsWith('.ts'),
);

describe('the catalogue', () => {
  it('has every tool once, in the order of the contract', () => {
    expect(ALL_TOOLS.map(({ name }) => name)).toEqual(TOOL_NAMES);
  });

  it.each(TOOL_NAMES)('has one file for %s, named after it', (name) => {
    const fileName = `${name.replace(/^rucio_/, '').replaceAll('_', '-')}.ts`;
    expect(FILES.filter((file) => file.endsWith(`/${fileName}`))).toHaveLength(1);
  });

  it.each(TOOL_NAMES)('says what %s answers in at most 160 characters', (name) => {
    expect(TOOLS[name].description.length).toBeLessThanOrEqual(160);
  });
});

describe.each(ALL_TOOLS.map((tool) => [tool.name, tool] as const))(
  'the schemas of %s',
  (_, tool) => {
    const input = z.toJSONSchema(tool.input, { io: 'input' });
    const output = z.toJSONSchema(tool.output, { io: 'output' });

    it('are objects; the input takes no unknown arguments', () => {
      expect(input).toMatchObject({ type: 'object', additionalProperties: false });
      expect(output).toMatchObject({ type: 'object' });
      for (const schema of [input, output]) {
        expect(schema).not.toHaveProperty('anyOf');
        expect(JSON.stringify(schema)).not.toContain('$ref');
        expect(JSON.stringify(schema)).not.toContain(String(Number.MAX_SAFE_INTEGER));
      }
    });

    it('describe what a name does not say in a few words', () => {
      for (const property of Object.values(input.properties ?? {})) {
        const { description = '' } = property as { description?: string };
        expect(description.length).toBeLessThanOrEqual(60);
      }
    });
  },
);
