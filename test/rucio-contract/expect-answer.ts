import type { NormalAnswer } from './answer';
import type { ContractCall } from './call';

/** Checks an answer against what the call says about every Rucio. */
export function expectAnswer(answer: NormalAnswer, call: ContractCall): void {
  expect({ status: answer.status, exceptionClass: answer.headers['exceptionclass'] }).toEqual({
    status: call.status,
    exceptionClass: call.exceptionClass,
  });
  if (call.rows !== undefined) expect(rowCount(answer.body)).toBe(call.rows);
  if (call.body === undefined) return;
  const wanted = Object.fromEntries(
    Object.entries(call.body).map(([key, value]) => [
      key,
      value === Number.POSITIVE_INFINITY ? '(infinity)' : value,
    ]),
  );
  for (const document of documents(answer.body)) expect(document).toMatchObject(wanted);
}

function rowCount(body: unknown): number {
  return typeof body === 'string' ? Number.parseInt(body, 10) : documents(body).length;
}

function documents(body: unknown): readonly object[] {
  if (Array.isArray(body)) return body.map((row) => JSON.parse(String(row)) as object);
  return typeof body === 'object' && body !== null ? [body] : [];
}
