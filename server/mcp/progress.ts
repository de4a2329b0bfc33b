import type { ServerContext } from '@modelcontextprotocol/server';

import type { Progress } from '../tools/define';

/**
 * Sends the progress of one request to its client, where the request has a `progressToken`.
 * Progress only ever grows: what would go back is left out.
 *
 * @see MCP 2026-07-28, "Progress"
 */
export function progressTo({ mcpReq }: ServerContext): (progress: Progress) => void {
  const token = mcpReq._meta?.progressToken;
  if (token === undefined) return () => undefined;
  let last = -1;
  return ({ done, total, message }) => {
    if (done <= last || mcpReq.signal.aborted) return;
    last = done;
    const params = {
      progressToken: token,
      progress: done,
      message,
      ...(total === undefined ? {} : { total }),
    };
    // A client that is gone is noticed by its signal.
    void mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
  };
}
