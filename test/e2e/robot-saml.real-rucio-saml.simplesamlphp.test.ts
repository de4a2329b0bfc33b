import { describeWith } from '../support/requirements';
import { ROBOT, type SamlRucio, startSamlRucio } from '../support/rucio-saml/saml-rucio';
import { readyDemoPod } from './demo-pod';
import { robotPod, whoami } from './robot-pod';

describeWith(
  ['real-rucio-saml', 'simplesamlphp'],
  'the pod of authType saml signs in',
  (directory, home) => {
    let setting: SamlRucio;
    beforeAll(async () => {
      setting = await startSamlRucio(directory, home);
    }, 120_000);
    afterAll(() => setting.stop());

    test('and says nothing of the password', async () => {
      const { username, password } = ROBOT;
      const settings = {
        authType: 'saml',
        saml: { existingSecret: 'robot', identityProvider: setting.provider.url },
      };
      const way = { settings, secret: { username, password } };
      const demo = await readyDemoPod(robotPod(setting.tlsUrl, setting.certificates, way));
      try {
        expect(await whoami(demo)).toMatchObject({ account: 'robot', type: 'SERVICE' });
        expect(demo.pod.output).not.toMatch(/secret\/\+|SAMLRe|saml-nameid/);
      } finally {
        await demo.pod.stop();
      }
    }, 60_000);
  },
);
