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

const NOMENCLATURE = `# Words of Rucio
- DID: data identifier, \`scope:name\`. A file, a dataset of files, or a container of datasets and containers.
- Scope: name space of DIDs, e.g. \`user.jdoe\`. Names are unique in their scope, for ever.
- RSE: Rucio storage element, e.g. \`CERN-PROD_DATADISK\`; disk or tape, with attributes such as site and tier.
- Replica: a copy of a file at an RSE. Only AVAILABLE ones can be read.
- PFN: the URL of a replica.
- Rule: "so many copies of this DID at these RSEs, for this account, until then". Rucio makes the
  transfers, and deletes replicas that no rule holds any more.
- Lock: what a rule holds: one file, or one dataset, at one RSE.
- Quota: how many bytes the rules of an account may hold at an RSE.
- Subscription: makes rules for new DIDs whose metadata match.
- Sizes are decimal: 1 TB = 10^12 bytes. Times are UTC.
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
      uri: 'rucio://nomenclature',
      name: 'nomenclature',
      title: 'Words of Rucio',
      description: 'What DID, scope, RSE, replica, rule, lock, quota and subscription mean',
      text: NOMENCLATURE,
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
  has(uri: string): boolean;
  /** @throws {ResourceNotFoundError} for an URI that is not listed */
  read(uri: string): ReadResourceResult;
}

export function buildResources(site: Site): Resources {
  const all = resourcesOf(site);
  const mimeType = 'text/markdown';
  return {
    list: { resources: all.map(({ text: _text, ...shown }) => ({ ...shown, mimeType })) },
    has: (uri) => all.some((resource) => resource.uri === uri),
    read: (uri) => {
      const found = all.find((resource) => resource.uri === uri);
      if (found === undefined) throw new ResourceNotFoundError(uri);
      return { contents: [{ uri, mimeType, text: found.text }] };
    },
  };
}
