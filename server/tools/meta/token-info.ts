import { z } from 'zod';

import { escapeName } from '../../rucio/untrusted-text';
import { compactDate } from '../compact';
import { defineTool } from '../define';

export const tokenInfo = defineTool({
  name: 'rucio_token_info',
  input: z.strictObject({}),
  output: z.object({
    account: z.string(),
    site: z.string(),
    scopes: z.array(z.string()),
    writes_allowed: z.boolean(),
    expires_at: z.string().nullable(),
    expired: z.boolean().optional(),
  }),
  run: (_input, { account, site, session, readOnly }) => {
    const { scopes, expiresAt } = session;
    return Promise.resolve({
      account: escapeName(account),
      site: site.name,
      scopes: scopes.map((scope) => escapeName(scope)),
      writes_allowed: !readOnly,
      expires_at: compactDate(expiresAt?.toISOString()),
      ...(expiresAt === undefined ? {} : { expired: expiresAt.getTime() <= Date.now() }),
    });
  },
});
