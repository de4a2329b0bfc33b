import { z } from 'zod';

import { AppError } from '../../errors';
import { escapeName } from '../../rucio/untrusted-text';
import { compactText } from '../compact';
import { defineTool } from '../define';
import { Int } from '../params';
import { type ProxyCertificate, parseProxy } from './proxy-certificate';

const Text = z.string().nullable();

export const vomsProxyInfo = defineTool({
  name: 'rucio_voms_proxy_info',
  input: z.strictObject({}),
  output: z.object({
    has_proxy: z.boolean(),
    identity: Text.optional(),
    subject: Text.optional(),
    issuer: Text.optional(),
    key_bits: Int.nullable().optional(),
    expires_at: Text.optional(),
    expired: z.boolean().optional(),
    vo: Text.optional(),
    attributes: z.array(z.string()).optional(),
    note: z.string().optional(),
  }),
  run: async (_input, { session }) => {
    if (session.readProxy === undefined) {
      return { has_proxy: false, note: 'the server signs in at Rucio without a proxy certificate' };
    }
    return describe(await read(session.readProxy));
  },
});

/** @throws {AppError} INTERNAL, since only the operator can do anything about it */
async function read(readProxy: () => Promise<string>): Promise<ProxyCertificate> {
  try {
    const proxy = parseProxy(await readProxy());
    if (proxy !== undefined) return proxy;
    throw new Error('there is no certificate in it');
  } catch (error) {
    throw new AppError('INTERNAL', {
      what: "The server's proxy certificate can not be read.",
      next: "ask the server's operator to renew the proxy",
      cause: error,
    });
  }
}

function describe(proxy: ProxyCertificate) {
  return {
    has_proxy: true,
    identity: compactText(proxy.identity),
    subject: compactText(proxy.subject),
    issuer: compactText(proxy.issuer),
    key_bits: proxy.keyBits ?? null,
    expires_at: `${proxy.notAfter.toISOString().slice(0, 16)}Z`,
    expired: proxy.notAfter.getTime() <= Date.now(),
    vo: compactText(proxy.vo),
    attributes: proxy.fqans.map((name) => escapeName(name)),
    ...(proxy.fqans.length === 0 ? { note: 'the proxy has no VOMS attributes' } : {}),
  };
}
