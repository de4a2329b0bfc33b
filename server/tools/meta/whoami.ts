import { z } from 'zod';

import { AppError } from '../../errors';
import { compactDate, compactText } from '../compact';
import { type ToolContext, defineTool } from '../define';

export const whoami = defineTool({
  name: 'rucio_whoami',
  input: z.strictObject({}),
  output: z.object({
    account: z.string(),
    type: z.string().nullable(),
    status: z.string().nullable(),
    email: z.string().nullable(),
    site: z.string(),
    vo: z.string(),
    server_version: z.string().nullable(),
    writes_allowed: z.boolean(),
    session_expires_at: z.string().nullable(),
    toolsets: z.array(z.string()),
  }),
  run: async (_input, context) => {
    const { rucio, site, readOnly, session, signal } = context;
    const [account, version] = await Promise.all([
      rucio.accounts.whoami({ signal }),
      versionOf(context),
    ]);
    return {
      account: compactText(account.account) ?? '',
      type: compactText(account.account_type),
      status: compactText(account.status),
      email: compactText(account.email),
      site: site.name,
      vo: site.vo,
      server_version: version,
      writes_allowed: !readOnly,
      session_expires_at: compactDate(session.expiresAt?.toISOString()),
      toolsets: [...(session.toolsets ?? [])],
    };
  },
});

/** An addition that must not fail the answer: null when Rucio does not tell. */
async function versionOf({ rucio, signal }: ToolContext): Promise<string | null> {
  try {
    return compactText((await rucio.meta.ping({ signal })).version);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
