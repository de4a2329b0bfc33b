import {
  CLIENT_CAPABILITIES_META_KEY,
  type InputRequiredResult,
  type ServerContext,
  inputRequired,
} from '@modelcontextprotocol/server';
import { z } from 'zod';

import type { AskUser, Consent } from '../tools/consent';

/** Names the one question of a round, and its one field. */
const KEY = 'confirm';

const Envelope = z.object({
  [CLIENT_CAPABILITIES_META_KEY]: z.object({
    elicitation: z
      .looseObject({ form: z.unknown().optional(), url: z.unknown().optional() })
      .optional(),
  }),
});
const Answer = z.object({
  action: z.string(),
  content: z.record(z.string(), z.unknown()).nullish(),
});

/**
 * Whether the client can put questions to its user, and what the user answered. Only clients of
 * 2026-07-28 can: the server keeps no session to push a question into.
 *
 * @see MCP 2026-07-28, "Multi Round-Trip Requests"
 */
export function consentOf({ mcpReq }: ServerContext): Consent {
  const { data } = Envelope.safeParse(mcpReq.envelope);
  const elicitation = data?.[CLIENT_CAPABILITIES_META_KEY].elicitation;
  // An empty object stands for forms; `url` alone is another thing.
  const canAsk =
    elicitation !== undefined && (elicitation.form !== undefined || elicitation.url === undefined);
  const token = mcpReq.requestState();
  const response = Answer.safeParse(mcpReq.inputResponses?.[KEY]);
  if (typeof token !== 'string' || !response.success) return { canAsk };
  const { action, content } = response.data;
  return { canAsk, answer: { token, isAccepted: action === 'accept' && content?.[KEY] === true } };
}

/** The question as the client is sent it. */
export function toQuestion({ message, token }: AskUser): InputRequiredResult {
  return inputRequired({
    inputRequests: {
      [KEY]: inputRequired.elicit({
        message,
        requestedSchema: {
          type: 'object',
          properties: { [KEY]: { type: 'boolean', title: 'Do it', default: false } },
          required: [KEY],
        },
      }),
    },
    requestState: token,
  });
}
