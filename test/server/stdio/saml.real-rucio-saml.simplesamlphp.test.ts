import { describeWith } from '../../support/requirements';
import { ROBOT, type SamlRucio, startSamlRucio } from '../../support/rucio-saml/saml-rucio';
import { rucioMcp } from '../../support/run-command-line';
import { whoamiByStdio } from '../../support/serve-stdio';

describeWith(
  ['real-rucio-saml', 'simplesamlphp'],
  'the command rucio-mcp signs in by SAML',
  (directory, home) => {
    let setting: SamlRucio;
    let env: Record<string, string>;

    beforeAll(async () => {
      setting = await startSamlRucio(directory, home);
      const file = await setting.file(`[client]
rucio_host = ${setting.real.url}
auth_host = ${setting.tlsUrl}
ca_cert = ${setting.certificates.caFile}
account = robot
auth_type = saml
username = ${ROBOT.username}
password = ${ROBOT.password}
saml_identity_provider = ${setting.provider.url}
`);
      env = { RUCIO_CONFIG: file };
    }, 120_000);
    afterAll(() => setting.stop());

    test('as doctor finds', async () => {
      const { code, stdout } = await rucioMcp(['doctor'], env);
      const { host } = new URL(setting.provider.url);
      expect(stdout).toContain(`tls: ${host} has a trusted certificate`);
      expect(stdout).toContain('ok       login: signed in at Rucio as robot');
      expect(code).toBe(0);
    }, 30_000);

    test('and serves', async () => {
      const answer = await whoamiByStdio(env);
      expect(answer.structuredContent).toMatchObject({ account: 'robot' });
    }, 30_000);
  },
);
