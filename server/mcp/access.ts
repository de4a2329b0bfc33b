import type { ToolAnnotations } from '@modelcontextprotocol/server';

import { SCOPES, type Scope } from '../../lib/contract/scopes';
import type { ToolAccess } from '../../lib/contract/tools';

/** What an access class means to OAuth and to a host that asks its user before a call. */
interface AccessClass {
  readonly scope: Scope;
  readonly annotations: ToolAnnotations;
}

/** The one table; annotations and scope can not disagree. */
export const ACCESS = {
  read: {
    scope: SCOPES.read,
    annotations: { readOnlyHint: true, openWorldHint: true },
  },
  write: {
    scope: SCOPES.write,
    annotations: {
      readOnlyHint: false,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: true,
    },
  },
  destroy: {
    scope: SCOPES.write,
    annotations: {
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: true,
      openWorldHint: true,
    },
  },
} as const satisfies Record<ToolAccess, AccessClass>;
