import { openBrowser } from './try/open-browser';
import { McpSession } from './try/mcp-session';
import { type TryOptions, readTryOptions } from './try/options';
import { SignIn } from './try/sign-in';

/** What `npm run try` does, with the bearer that is given to it or as the user who signs in. */
async function attempt(options: TryOptions): Promise<void> {
  const { url, bearer, browser } = options;
  if (bearer !== undefined) {
    await callTool(new McpSession(url, { bearer }), options);
    return;
  }
  const signIn = await SignIn.open((address) => {
    console.log(`Open this address in a browser, and sign in:\n\n  ${address.href}\n`);
    if (browser) openBrowser(address);
  });
  try {
    await callTool(new McpSession(url, { signIn }), options);
    console.log(`\nGranted: ${signIn.grantedScope}`);
    const isOut = await signIn.signOut();
    console.log(isOut ? 'Signed out.' : 'The server did not take the tokens back; they will end.');
  } finally {
    await signIn.close();
  }
}

async function callTool(session: McpSession, { tool, args }: TryOptions): Promise<void> {
  try {
    const tools = await session.listTools();
    const width = Math.max(...tools.map(({ name }) => name.length)) + 2;
    for (const { name, description } of tools) {
      console.log(`${name.padEnd(width)}${description ?? ''}`);
    }
    console.log(`\n${tool}(${JSON.stringify(args)})\n`);
    const { content, isError } = await session.callTool(tool, args);
    for (const block of content) {
      console.log(block.type === 'text' ? block.text : JSON.stringify(block));
    }
    if (isError === true) process.exitCode = 1;
  } finally {
    await session.close();
  }
}

/** What the user reads of a failure. */
function explain(error: unknown, { url, bearer }: TryOptions): string {
  const message = error instanceof Error ? error.message : String(error);
  if (!message.includes('fetch failed')) return message;
  const start = bearer === undefined ? 'npm start -- --oidc' : 'npm start';
  return `Nothing answers at ${url.href}. Run this in another terminal: ${start}`;
}

const options = readTryOptions(process.argv.slice(2));
attempt(options).catch((error: unknown) => {
  console.error(explain(error, options));
  process.exitCode = 1;
});
