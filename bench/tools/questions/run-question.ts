import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

import type { ToolName } from '../../../lib/contract/tools';
import type { Answer, Ask, Question } from './question';

export interface MadeCall {
  readonly tool: ToolName;
  readonly args: Readonly<Record<string, unknown>>;
  /** Of the answer as the model gets it. */
  readonly tokens: number;
  readonly bytes: number;
}

export interface AnsweredQuestion {
  readonly question: Question;
  readonly found: Readonly<Record<string, unknown>>;
  readonly calls: readonly MadeCall[];
  /** Sum over the calls. */
  readonly tokens: number;
}

/** Answers a question by its chain, as an agent that makes no mistake, and keeps what it cost. */
export async function runQuestion(question: Question, ask: Ask): Promise<AnsweredQuestion> {
  const calls: MadeCall[] = [];
  const found = await question.ask(async (tool, args = {}): Promise<Answer> => {
    const answer = await ask(tool, args);
    const text = JSON.stringify(answer);
    calls.push({ tool, args, tokens: countTokens(text), bytes: Buffer.byteLength(text) });
    return answer;
  });
  const tokens = calls.reduce((sum, call) => sum + call.tokens, 0);
  return { question, found, calls, tokens };
}
