import { z } from 'zod';

import { Count, Flag, Text } from './fields';
import { ByteCount } from './numbers';

/** Row of `GET /dids/{scope}/dids/search?long=True`. */
export const DidRow = z.object({
  scope: z.string(),
  name: z.string(),
  did_type: Text,
  bytes: ByteCount.nullish(),
  length: Count,
});
export type DidRow = z.output<typeof DidRow>;

/** Answer of `GET /dids/{scope}/{name}/status`; the lower fields are those of one type only. */
export const DidStatus = z.object({
  scope: z.string(),
  name: z.string(),
  type: z.string(),
  account: Text,
  bytes: ByteCount.nullish(),
  length: Count,
  open: Flag,
  monotonic: Flag,
  expired_at: Text,
  md5: Text,
  adler32: Text,
});
export type DidStatus = z.output<typeof DidStatus>;

/** Row of `GET /dids/{scope}/{name}/dids`. Checksums are those of files. */
export const ContentRow = z.object({
  scope: z.string(),
  name: z.string(),
  type: Text,
  bytes: ByteCount.nullish(),
  adler32: Text,
  md5: Text,
});
export type ContentRow = z.output<typeof ContentRow>;

/** Row of `GET /dids/{scope}/{name}/files`. */
export const FileRow = z.object({
  scope: z.string(),
  name: z.string(),
  bytes: ByteCount.nullish(),
  adler32: Text,
  guid: Text,
  events: Count,
  lumiblocknr: Count,
});
export type FileRow = z.output<typeof FileRow>;

/** Row of `GET /dids/{scope}/{name}/parents`. */
export const ParentRow = z.object({ scope: z.string(), name: z.string(), type: Text });
export type ParentRow = z.output<typeof ParentRow>;

/** Answer of `GET /dids/{scope}/{name}/meta`: whatever the plugin knows, of any type. */
export const DidMeta = z.record(z.string(), z.unknown());
export type DidMeta = z.output<typeof DidMeta>;
