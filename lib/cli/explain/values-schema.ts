import { z } from 'zod';

import { Values } from '../../contract/values/values';

/** A JSON Schema node as far as the generators read it. */
export interface SchemaNode {
  readonly $schema?: string;
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly examples?: readonly unknown[];
  readonly additionalProperties?: SchemaNode | boolean;
}

/** The values as JSON Schema draft 7, which editors and Helm know. */
export function valuesSchema(): SchemaNode {
  const schema = z.toJSONSchema(Values, {
    io: 'input',
    target: 'draft-7',
    override: ({ jsonSchema }) => {
      // Our remedies and zod's names of checks are no JSON Schema; the pattern says the same.
      delete jsonSchema['fix'];
      if (jsonSchema.format === 'starts_with') delete jsonSchema.format;
    },
  }) as SchemaNode;
  const { $schema, ...rest } = schema;
  return {
    ...($schema === undefined ? {} : { $schema }),
    ...{ $id: 'urn:rucio-mcp-cdk8s:values', title: 'Values of rucio-mcp-cdk8s' },
    ...rest,
  };
}

export function valuesSchemaText(): string {
  return `${JSON.stringify(valuesSchema(), null, 2)}\n`;
}
