import { Site } from '../../../../lib/contract/sites';
import { type Rucio, type RucioDeps, createRucio } from '../../../../server/rucio/client';
import { describeWith } from '../../../support/requirements';
import { options } from '../../../support/rucio-on-fault-server';
import type { SamlPerson } from '../../../support/rucio-saml/saml-provider';
import {
  ROBOT,
  STRANGER,
  type SamlRucio,
  startSamlRucio,
} from '../../../support/rucio-saml/saml-rucio';

const HOUR_MS = 3600_000;

describeWith(
  ['real-rucio-saml', 'simplesamlphp'],
  'the robot signs in at a real Rucio and a real SAML identity provider',
  (directory, home) => {
    let setting: SamlRucio;
    beforeAll(async () => {
      setting = await startSamlRucio(directory, home);
    }, 120_000);
    afterAll(() => setting.stop());

    const opened: Rucio[] = [];
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((rucio) => rucio.close()));
    });
    async function connect(person: SamlPerson, deps: RucioDeps = {}): Promise<Rucio> {
      const rucio = await createRucio(
        Site.parse({
          name: 'real',
          rucioHost: setting.real.url,
          authHost: setting.tlsUrl,
          caFile: setting.certificates.caFile,
        }),
        {
          account: 'robot',
          credentials: {
            type: 'saml',
            identityProvider: setting.provider.url,
            usernameFile: await setting.file(person.username),
            passwordFile: await setting.file(person.password),
          },
        },
        { rucioSeconds: 30, rucioConnections: 2 },
        deps,
      );
      opened.push(rucio);
      return rucio;
    }
    const whoami = async ({ client }: Rucio) => (await client.accounts.whoami(options())).account;

    test('and again when its session has ended', async () => {
      let now = Date.now();
      const logins: string[] = [];
      const rucio = await connect(ROBOT, {
        clock: () => now,
        onLogin: (outcome) => logins.push(outcome),
      });
      expect(await whoami(rucio)).toBe('robot');
      now += HOUR_MS;
      expect(await whoami(rucio)).toBe('robot');
      expect(logins).toEqual(['ok', 'ok']);
    });

    test('not with a wrong password', async () => {
      const rucio = await connect({ ...ROBOT, password: 'wrong' });
      await expect(whoami(rucio)).rejects.toMatchObject({
        code: 'LOGIN',
        what: "The identity provider of site real refused the robot's user name and password.",
      });
    });

    test('not as somebody whom Rucio does not know', async () => {
      await expect(whoami(await connect(STRANGER))).rejects.toMatchObject({
        code: 'LOGIN',
        what: "Rucio refused the robot's credentials for the account robot.",
      });
    });

    test('not where Rucio expects the signature of another provider', async () => {
      const [, other = ''] =
        /-----BEGIN CERTIFICATE-----([^-]+)-----/.exec(
          (await setting.certificates.client('Other')).cert,
        ) ?? [];
      await setting.believe(other.replaceAll(/\s/g, ''));
      try {
        await expect(whoami(await connect(ROBOT))).rejects.toMatchObject({
          code: 'LOGIN',
          what: 'Rucio (site real) did not accept the answer of the identity provider.',
        });
      } finally {
        await setting.believe(setting.provider.certificate);
      }
    });
  },
);
