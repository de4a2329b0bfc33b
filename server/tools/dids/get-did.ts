import { z } from 'zod';

import { parseDid } from '../../rucio/did';
import { compactDate, compactNumber, compactText } from '../compact';
import { defineTool } from '../define';
import { withNearNames } from './near-names';

const Size = z.union([z.number(), z.string()]).nullable();

export const getDid = defineTool({
  name: 'rucio_get_did',
  input: z.strictObject({ did: z.string() }),
  output: z.object({
    did: z.string(),
    type: z.string(),
    account: z.string().nullable(),
    files: Size,
    bytes: Size,
    open: z.boolean().optional(),
    monotonic: z.boolean().optional(),
    expires_at: z.string().nullable().optional(),
    adler32: z.string().nullable().optional(),
    md5: z.string().nullable().optional(),
  }),
  run: async (input, { rucio, signal }) => {
    const did = parseDid(input.did);
    const found = await withNearNames(rucio, did, signal, rucio.dids.get(did, { signal }));
    const isFile = found.type.toUpperCase() === 'FILE';
    return {
      did: compactText(`${found.scope}:${found.name}`) ?? '',
      type: compactText(found.type) ?? '',
      account: compactText(found.account),
      files: compactNumber(found.length),
      bytes: compactNumber(found.bytes),
      ...(isFile
        ? { adler32: compactText(found.adler32), md5: compactText(found.md5) }
        : {
            open: found.open ?? false,
            monotonic: found.monotonic ?? false,
            expires_at: compactDate(found.expired_at),
          }),
    };
  },
});
