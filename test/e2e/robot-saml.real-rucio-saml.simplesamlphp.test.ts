import type { ValuesInput } from '../../lib/contract/values/values';
import { describeWith } from '../support/requirements';
import { ROBOT, type SamlRucio, startSamlRucio } from '../support/rucio-saml/saml-rucio';
import { readyDemoPod } from './demo-pod';
import { CLIENTS } from './mcp-clients';

describeWith(
  ['real-rucio-saml', 'simplesamlphp'],
  'the pod of authType saml signs in',
  (directory, home) => {
    let setting: SamlRucio;
    beforeAll(async () => {
      setting = await startSamlRucio(directory, home);
    }, 120_000);
    afterAll(() => setting.stop());

    const values = (given: ValuesInput): ValuesInput => ({
      ...given,
      auth: {
        ...given.auth,
        sharedSecret: {
          ...given.auth?.sharedSecret,
          authType: 'saml',
          saml: { existingSecret: 'robot', identityProvider: setting.provider.url },
        },
      },
      // Stands for the trust store of an image.
      extraEnv: [{ name: 'NODE_EXTRA_CA_CERTS', value: setting.certificates.caFile }],
    });

    test('and says nothing of the password', async () => {
      const { username, password } = ROBOT;
      const { pod, endpoint, bearer } = await readyDemoPod({
        rucioUrl: setting.tlsUrl,
        values,
        secrets: { robot: { username, password } },
      });
      try {
        const [, , connect] = CLIENTS.at(-1) ?? [];
        const client = await connect?.(endpoint, bearer);
        const answer = await client?.callTool('rucio_whoami');
        await client?.close();
        expect(answer?.structured).toMatchObject({ account: 'robot', type: 'SERVICE' });
        expect(pod.output).not.toMatch(/secret\/\+|SAMLRe|saml-nameid/);
      } finally {
        await pod.stop();
      }
    }, 60_000);
  },
);
