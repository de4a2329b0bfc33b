import { typeOf } from './schema-node';
import { valuesSchema } from './values-schema';

/** The sections and single values of the schema with their meaning, for `--help`. */
export function valuesHelp(): string {
  const entries = Object.entries(valuesSchema().properties ?? {});
  const width = Math.max(...entries.map(([name]) => name.length));
  const lines = entries.map(([name, node]) => {
    return `  ${name.padEnd(width)}  ${node.description ?? typeOf(node)}`;
  });
  return `Values ("explain NAME" tells more, e.g. explain auth.mode):\n${lines.join('\n')}`;
}
