import { Command } from 'commander';

import { isLoopbackHost } from '../../lib/contract/sites';
import { DEFAULT_ENDPOINT } from '../demo/default-endpoint';

export interface TryOptions {
  readonly url: URL;
  /** `undefined`: the user signs in. */
  readonly bearer: string | undefined;
  /** Whether the sign-in page may be opened, and not only its address be told. */
  readonly browser: boolean;
  readonly tool: string;
  readonly args: Record<string, unknown>;
}

const USAGE = `[URL BEARER] [TOOL ['{"argument": "value"}']]`;

/** @param argv - without the program; a mistake ends the process with advice */
export function readTryOptions(argv: readonly string[]): TryOptions {
  const command: Command = new Command('npm run try --')
    .usage(`${USAGE}\n       npm run try -- --oidc [URL] [TOOL ['{"argument": "value"}']]`)
    .description('Connects as an MCP client does, lists the tools and calls one.')
    .option('--oidc', 'sign in, as npm start -- --oidc wants it', false)
    .option('--no-browser', 'with --oidc: tell the address of the sign-in, and open no browser')
    .argument('[words...]')
    .helpOption('--help')
    .showHelpAfterError('(npm run try -- --help shows how)');
  command.parse(argv, { from: 'user' });
  const { oidc, browser } = command.opts<{ oidc: boolean; browser: boolean }>();
  const words = [...command.args];
  const address = oidc && !isAddress(words[0]) ? DEFAULT_ENDPOINT : words.shift();
  const bearer = oidc ? undefined : words.shift();
  if (address === undefined || (!oidc && bearer === undefined)) {
    command.error('error: write URL and BEARER as npm start prints them, or --oidc to sign in');
  }
  const [tool = 'rucio_whoami', json = '{}', ...rest] = words;
  if (rest.length > 0) command.error(`error: "${rest.join(' ')}" is too much`);
  const args = readArguments(json);
  if (args === undefined) {
    command.error(
      `error: the arguments are not a JSON object like '{"scope": "user.jdoe"}': ${json}`,
    );
  }
  const url = readUrl(address);
  if (url === undefined) {
    command.error(`error: ${address} is not an https URL, nor an http one of this computer`);
  }
  return { url, bearer, browser, tool, args };
}

function isAddress(word: string | undefined): boolean {
  return word !== undefined && /^[a-z]+:\/\//i.test(word);
}

/** Tokens do not leave this computer without TLS. */
function readUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isSafe = url.protocol === 'http:' && isLoopbackHost(url.hostname);
  return url.protocol === 'https:' || isSafe ? url : undefined;
}

function readArguments(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
