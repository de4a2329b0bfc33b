import fc from 'fast-check';

import { callerAddress } from '../../../server/auth/caller-address';

const group = fc.integer({ min: 0, max: 0xffff }).map((part) => part.toString(16));
const groups = (count: number) => fc.array(group, { minLength: count, maxLength: count });
/** Not among those that stand for IPv4. */
const network = groups(4).filter((parts) => parts.some((part) => part !== '0'));

test('T22: flood from all of an IPv6 network: one caller, however its addresses are written', () => {
  fc.assert(
    fc.property(network, groups(4), groups(4), (prefix, one, other) => {
      const full = [...prefix, ...one].map((part) => part.padStart(4, '0')).join(':');
      const short = [...prefix, ...other].join(':').toUpperCase();
      const caller = callerAddress(full);
      expect(callerAddress(short)).toBe(caller);
      expect(callerAddress(`[${short}]:443`)).toBe(caller);
      expect(callerAddress(`${short}%eth0`)).toBe(caller);
      expect(callerAddress([...prefix, '', ''].join(':'))).toBe(caller);
    }),
  );
});

test('two IPv6 networks are two callers', () => {
  fc.assert(
    fc.property(network, network, groups(4), (one, other, host) => {
      const isSame = one.join() === other.join();
      const [a, b] = [one, other].map((prefix) => callerAddress([...prefix, ...host].join(':')));
      expect(a === b).toBe(isSame);
    }),
  );
});

test('IPv4 addresses are callers as they are, also mapped into IPv6 or with a port', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(callerAddress(address)).toBe(address);
      expect(callerAddress(`::ffff:${address}`)).toBe(address);
      expect(callerAddress(`${address}:51234`)).toBe(address);
    }),
  );
});

test.each(['', 'unknown', '_hidden', 'localhost', '1.2.3', '0x7f.1', '1.2.3.4.5', '::1::', '[]'])(
  'what is no address is nobody in particular: %j',
  (text) => {
    expect(callerAddress(text)).toBe('unknown');
  },
);

test('T23: unbounded state: whatever a header says, what is kept of it is short', () => {
  const text = fc.oneof(fc.string({ maxLength: 5000 }), fc.ipV6(), fc.ipV4(), fc.webUrl());
  fc.assert(
    fc.property(text, (ip) => {
      expect(callerAddress(ip).length).toBeLessThanOrEqual(42);
    }),
  );
});
