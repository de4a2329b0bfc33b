import { z } from 'zod';

/** An absolute path in the pod. The file is read when it is needed, and again when it changes. */
export const FilePath = z
  .string()
  .regex(/^\/(?!.*(?:^|\/)\.\.(?:\/|$))[^\0]*[^/\0]$/, {
    error: 'must be an absolute path of a file, without ".."',
  })
  .meta({ description: 'Absolute path of a file' });
