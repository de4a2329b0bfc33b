import { AUTH_LIMITS, LIMIT_WINDOW_SECONDS } from '../../../../lib/contract/auth-limits';
import { FloodGate } from '../../../../server/auth/flood-gate';
import { ClientLimits, TooManyRequests } from '../../../../server/auth/oauth/client-limits';

const { clientAtAddress, client, unknownClients } = AUTH_LIMITS.oauth;

/** How many of `count` calls pass. */
function passed(count: number, call: (index: number) => void): number {
  let done = 0;
  for (let index = 0; index < count; index += 1) {
    try {
      call(index);
      done += 1;
    } catch (error) {
      if (!(error instanceof TooManyRequests)) throw error;
    }
  }
  return done;
}

test('T22: flood of one client from many addresses: it is stopped, and no other client is', () => {
  const limits = new ClientLimits(() => 0);
  const attack = passed(client + 100, (index) => limits.asClient(`10.0.0.${index % 100}`, 'loud'));
  expect(attack).toBe(client);
  expect(passed(10, () => limits.asClient('10.0.0.1', 'quiet'))).toBe(10);
});

test('T22: flood that only names a client, from many addresses: its own requests pass', () => {
  const limits = new ClientLimits(() => 0);
  passed(client * 2, (index) => limits.asNamed(`10.0.0.${index % 100}`, 'portal'));
  expect(passed(10, () => limits.asClient('10.0.0.1', 'portal'))).toBe(10);
  expect(passed(10, () => limits.asNamed('10.0.1.1', 'portal'))).toBe(10);
});

test('T22: flood from one address does not use up a client at other addresses', () => {
  const limits = new ClientLimits(() => 0);
  expect(passed(client, () => limits.asClient('10.0.0.1', 'shared'))).toBe(clientAtAddress);
  expect(passed(10, () => limits.asClient('10.0.0.2', 'shared'))).toBe(10);
});

test('a minute later everybody starts anew, and is told how long that is', () => {
  let now = 0;
  const limits = new ClientLimits(() => now);
  passed(unknownClients, () => limits.asUnknown('10.0.0.1'));
  now = 20_500;
  expect(() => limits.asUnknown('10.0.0.1')).toThrow(
    expect.objectContaining({ retryAfterSeconds: 40 }) as Error,
  );
  now = LIMIT_WINDOW_SECONDS * 1000;
  expect(passed(1, () => limits.asUnknown('10.0.0.1'))).toBe(1);
});

test('who turns out to be a client has taken nothing from the unknown', () => {
  const limits = new ClientLimits(() => 0);
  const calls = passed(unknownClients * 3, () => {
    limits.asUnknown('10.0.0.1');
    limits.forgive('10.0.0.1');
  });
  expect(calls).toBe(unknownClients * 3);
});

test('T23: unbounded state: of very many callers the quietest is forgotten', () => {
  const gate = new FloodGate({ max: 1, windowMs: 60_000, clock: () => 0 });
  expect(gate.take('first')).toBe(0);
  expect(gate.take('first')).toBe(60);
  for (let count = 0; count < 10_000; count += 1) gate.take(`caller ${count}`);
  expect(gate.take('caller 9999')).toBe(60);
  expect(gate.take('first')).toBe(0);
});
