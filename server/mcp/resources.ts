import {
  type ListResourcesResult,
  type ReadResourceResult,
  ResourceNotFoundError,
} from '@modelcontextprotocol/server';

import type { Site } from '../../lib/contract/sites';

interface TextResource {
  readonly uri: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly text: string;
}

const RSE_EXPRESSIONS = `# RSE expressions
An RSE expression names a set of storage elements (RSEs).

| form | meaning |
|---|---|
| \`CERN-PROD_DATADISK\` | one RSE; \`*\` stands for any characters |
| \`tier=1\` | RSEs with this attribute value |
| \`freespace>1000\`, \`freespace<1000\` | RSEs with a larger or smaller number |
| \`A\\|B\` | union |
| \`A&B\` | intersection |
| \`A\\B\` | A without B |
| \`(A\\|B)&C\` | parentheses group; operators are read from left to right |

Examples: \`tier=1&type=DATADISK\`, \`rse_type=DISK\\country=DE\`. A set that is empty is an error.
`;

const RULE_STATES = `# States of a replication rule
| state | meaning | what helps |
|---|---|---|
| OK | every copy is where the rule wants it | |
| REPLICATING | transfers are queued or running | wait |
| STUCK | a transfer failed for good, or no source or space was found | ask why: error text of the rule |
| SUSPENDED | an operator or the system stopped it | ask the experiment's data management |
| WAITING_APPROVAL | an administrator must approve it | wait, or ask |
| INJECT | it is being created | wait |

Locks count files: ok are in place, replicating are on their way, stuck have failed.
`;

function resourcesOf(site: Site): readonly TextResource[] {
  return [
    {
      uri: 'rucio://site',
      name: 'site',
      title: 'This Rucio site',
      description: 'Which experiment and virtual organisation this server works for',
      text: [
        `# ${site.title ?? site.name}`,
        `- site: ${site.name}`,
        `- Rucio server: ${site.rucioHost}`,
        `- virtual organisation: ${site.vo}`,
        '',
      ].join('\n'),
    },
    {
      uri: 'rucio://help/rse-expressions',
      name: 'rse-expressions',
      title: 'RSE expressions',
      description: 'How to name a set of storage elements',
      text: RSE_EXPRESSIONS,
    },
    {
      uri: 'rucio://help/rule-states',
      name: 'rule-states',
      title: 'States of a replication rule',
      description: 'What REPLICATING, STUCK and the others mean, and what helps',
      text: RULE_STATES,
    },
  ];
}

/** The static resources of a site, worked out once. */
export interface Resources {
  readonly list: ListResourcesResult;
  /** @throws {ResourceNotFoundError} for an URI that is not listed */
  read(uri: string): ReadResourceResult;
}

export function buildResources(site: Site): Resources {
  const all = resourcesOf(site);
  const mimeType = 'text/markdown';
  return {
    list: { resources: all.map(({ text: _text, ...shown }) => ({ ...shown, mimeType })) },
    read: (uri) => {
      const found = all.find((resource) => resource.uri === uri);
      if (found === undefined) throw new ResourceNotFoundError(uri);
      return { contents: [{ uri, mimeType, text: found.text }] };
    },
  };
}
