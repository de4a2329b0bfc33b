import { freePorts } from '../../scripts/pod/free-ports';
import { NpmCommand } from '../support/npm-command';

const attempt = (...args: string[]) => new NpmCommand('run', '--silent', 'try', '--', ...args);

test.each([
  [[], 'write URL and BEARER as npm start prints them, or --oidc to sign in'],
  [['http://127.0.0.1:1/'], 'write URL and BEARER'],
  [['--odic'], 'Did you mean --oidc?'],
  [['--oidc', 'http://rucio-mcp.example.org/'], 'is not an https URL, nor an http one of this'],
  [['--oidc', 'rucio_ping', '[1]'], 'the arguments are not a JSON object'],
  [['--oidc', 'rucio_ping', '{}', 'more'], '"more" is too much'],
])('%j is refused with advice', async (args, advice) => {
  const command = attempt(...args);
  expect(await command.ended()).toBe(1);
  expect(command.output).toContain(advice);
});

test('where no server answers it says how to start one', async () => {
  const [port = 0] = await freePorts(1);
  const command = attempt('--oidc', `http://127.0.0.1:${port}/site/demo/`);
  expect(await command.ended()).toBe(1);
  expect(command.output).toBe(
    `Nothing answers at http://127.0.0.1:${port}/site/demo/. ` +
      'Run this in another terminal: npm start -- --oidc\n',
  );
});
