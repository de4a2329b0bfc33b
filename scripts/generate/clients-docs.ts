import { type ClientSettings, clientSettings } from '../../lib/contract/client-settings';

const EXAMPLE = { name: 'rucio-atlas', url: 'https://rucio-mcp.example.com/site/atlas/' };

/** `docs/clients.md`: the settings that notes and pages show, for both ways to be known. */
export function clientsDocs(): string {
  return `# Connect a client

<!-- Written by "npm run generate" from lib/contract/client-settings.ts. -->

Every site of a server is an MCP server of its own, at \`/site/<name>/\`, with or without the last
slash; the transport is Streamable HTTP. Open that address in a browser: it shows the settings below
with the right address in them, buttons that copy them, and links that open the client. So do the
notes after synth.

## Every user as themselves (\`auth.mode: oidc\`)

The address is all that a client needs. On the first use it opens your browser: you see which program
asks for what, sign in at your experiment as usual, and see whose account it is before the program gets
it. The client finds the rest by itself: RFC 9728 and RFC 8414 metadata, PKCE, and a client id by a
metadata document or by dynamic registration.

${parts(clientSettings({ ...EXAMPLE, bearer: false }))}

Only \`rucio:read\` is granted at first; a tool that changes something makes the client ask you again.
Access ends with your Rucio session, and is renewed where Rucio can renew it; then the client asks you to
sign in again. To take it away from a program, sign it out there, or ask the operator.

## One robot behind a bearer (\`auth.mode: sharedSecret\`)

The operator gives you the bearer. Keep it in the variable \`RUCIO_MCP_TOKEN\`, and in no file.

${parts(clientSettings({ ...EXAMPLE, bearer: true }))}

## Fewer tools

A client with little room asks for less by a header, where it can send one: \`X-MCP-Toolsets: core\`, or
\`X-MCP-Readonly: true\`. Headers only narrow what the operator serves. [tools.md](tools.md) lists the
toolsets.

## When it does not work

| what you see                                          | what helps                                                                                      |
| ----------------------------------------------------- | ----------------------------------------------------------------------------------------------- |
| 401, and no browser opens                             | the client does not support OAuth for this transport; use another one, or a site with a bearer    |
| "The program that sent you here is not known"         | the registration is older than the server's keys: remove the connection in the client, add it again |
| "This sign-in was not started in this browser"        | open the link in the browser that the client has opened, within ten minutes                     |
| 403 with another address in it                        | use exactly the address that the operator tells; the server answers to no other name             |
| 429                                                   | too many requests from your address: wait as long as \`Retry-After\` says                          |
| an answer with \`[RUCIO_DOWN]\` or another code          | [errors.md](errors.md)                                                                          |
`;
}

function parts(settings: readonly ClientSettings[]): string {
  return settings
    .map(
      ({ client, where, language, text }) =>
        `### ${client}\n\n${where.charAt(0).toUpperCase()}${where.slice(1)}:\n\n\`\`\`${language}\n${text}\n\`\`\``,
    )
    .join('\n\n');
}
