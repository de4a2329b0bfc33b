import { parse } from 'yaml';

import { deploymentNotes } from '../../../../lib/cli/notes/deployment-notes';
import { planFrom } from '../../../../lib/contract/plan';
import { DEFAULT_RELEASE } from '../../../../lib/contract/release';
import { synthManifests, validValues } from '../../synth';

function notes(values: unknown = validValues(), manifests = true): string {
  const plan = planFrom(values, DEFAULT_RELEASE, { allowUnserved: true });
  return deploymentNotes({
    plan,
    manifests: manifests ? synthManifests({ values }) : [],
    target: '-f manifests/rucio-mcp.k8s.yaml',
  });
}

const oidc = { auth: { sites: ['atlas', 'cms'] }, ingress: { host: 'rucio-mcp.example.com' } };

test('what to do after synth, with one bearer', () => {
  const text = notes();
  expect(text).toContain('Mode: sharedSecret. One robot (account robot, userpass)');
  expect(text).toContain('- atlas: https://rucio-mcp.example.com/site/atlas/\n');
  expect(text).toContain('kubectl apply -f manifests/rucio-mcp.k8s.yaml\n');
  expect(text).toContain('kubectl -n mcp rollout status deploy/rucio-mcp\n');
  expect(text).toContain('kubectl -n mcp get secret rucio-robot  # has to exist\n');
  expect(text).toContain(
    "kubectl -n mcp get secret bearer \\\n  -o jsonpath='{.data.shared-secret}' | base64 -d; echo",
  );
});

test('every user signs in: no bearer anywhere', () => {
  const text = notes(oidc, false);
  expect(text).toContain('a client discovers the OAuth endpoints from the URL');
  expect(text).toContain('- cms: https://rucio-mcp.example.com/site/cms/\n');
  expect(text).not.toMatch(/Authorization|RUCIO_MCP_TOKEN|base64/);
});

test('a confidential client: its Secret is mounted as a file, and is to be made', () => {
  const client = {
    clientId: 'portal',
    clientName: 'Portal',
    redirectUris: ['https://p.example/cb'],
  };
  const clients = [{ ...client, existingSecret: 'portal-secret' }];
  const values = { ...oidc, auth: { ...oidc.auth, oidc: { clients } } };
  expect(notes(values)).toContain('kubectl -n mcp get secret portal-secret  # has to exist\n');
  const { server, secrets } = planFrom(values, DEFAULT_RELEASE);
  const directory = '/etc/rucio-mcp/secrets/clients/portal';
  expect(server.auth).toMatchObject({
    clients: [{ ...client, secretFile: `${directory}/client-secret` }],
  });
  expect(secrets).toEqual([
    { volume: 'client-0', secret: 'portal-secret', directory, keys: ['client-secret'] },
  ]);
});

test('passthrough: every client brings a token of its own, and the risk comes first', () => {
  const text = notes({ ...oidc, auth: { ...oidc.auth, oidc: { tokenFormat: 'passthrough' } } });
  expect(text).toContain('Mode: oidc, passthrough.');
  expect(text.indexOf('which MCP forbids')).toBeLessThan(text.indexOf('## Roll out'));
  expect(text).toContain('brings their own Rucio token');
  expect(text).toContain('--header "Authorization: Bearer $RUCIO_MCP_TOKEN"');
});

test('settings of clients are what their programs parse', () => {
  for (const values of [validValues(), oidc]) {
    const blocks = [...notes(values, false).matchAll(/```json\n(.*?)```/gs)].map(
      ([, text]) => JSON.parse(text ?? '') as Record<string, Record<string, unknown>>,
    );
    const url = 'https://rucio-mcp.example.com/site/atlas/';
    const expected = { 'rucio-atlas': expect.objectContaining({ type: 'http', url }) as unknown };
    // Cursor knows the type by the URL.
    const cursor = values === oidc ? [{ 'rucio-atlas': { url } }] : [];
    expect(blocks.map((block) => block['mcpServers'] ?? block['servers'])).toEqual([
      expected,
      expected,
      ...cursor,
    ]);
  }
});

test('without exposure: how to reach the server from here', () => {
  const text = notes({ ...validValues(), ingress: { enabled: false } });
  expect(text).toContain('kubectl -n mcp port-forward svc/rucio-mcp 8080:80 &');
  expect(text).toContain('- atlas: http://127.0.0.1:8080/site/atlas/\n');
});

test('with a smoke test: wait for its Job', () => {
  const text = notes({ ...validValues(), smokeTest: { enabled: true } });
  expect(text).toMatch(
    /wait --for=condition=complete --timeout=2m job\/rucio-mcp-smoke-test-\w+\n/,
  );
});

test('a bearer that is given as a value is not shown', () => {
  const values = validValues();
  const secretValue = 'c0ffee'.repeat(8);
  const sharedSecret = { ...values.auth?.sharedSecret, existingSecret: '', secretValue };
  const text = notes({ ...values, auth: { ...values.auth, sharedSecret } }, false);
  expect(text).toContain('get secret rucio-mcp-shared-secret \\\n');
  expect(text).not.toContain(secretValue);
});

test('what the operator should look at comes first', () => {
  const text = notes({ ...validValues(), rucioMcp: { version: '1.0.0' } });
  expect(text.indexOf('## To look at')).toBeLessThan(text.indexOf('## Roll out'));
  expect(text).toContain('- rucioMcp: is for runtime.kind pixi only, and is ignored');
});

test('the Codex settings are TOML of one table', () => {
  const [, toml = ''] = /```toml\n(.*?)```/s.exec(notes()) ?? [];
  expect(toml).toMatch(
    /^\[mcp_servers\.rucio-atlas\]\nurl = ".*"\nbearer_token_env_var = "\w+"\n$/,
  );
  expect(parse(toml.split('\n')[1]?.replace(' =', ':') ?? '')).toEqual({
    url: 'https://rucio-mcp.example.com/site/atlas/',
  });
});
