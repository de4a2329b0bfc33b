/** A rule of a specification that the server keeps. */
export interface Requirement {
  /** Where it stands. */
  readonly source: string;
  readonly behaviour: string;
}

const HTTP = 'MCP 2026-07-28, Streamable HTTP';
const BASIC = 'MCP 2026-07-28, Base Protocol';
const TOOLS = 'MCP 2026-07-28, Tools';
const MCP = 'MCP 2026-07-28, Authorization';
const SECURITY = 'MCP 2026-07-28, Authorization Security Considerations';
const PRACTICES = 'MCP Security Best Practices';
const CIMD = 'draft-ietf-oauth-client-id-metadata-document';
const OAUTH = 'OAuth 2.1';

/**
 * What the specifications demand of the MCP endpoint and the authorization server, by the ids that titles of tests cite.
 * A test sees to it that each is cited, and that no other id is.
 */
export const REQUIREMENTS: Readonly<Record<string, Requirement>> = {
  R1: rule(HTTP, 'one path takes POST'),
  R2: rule(`${HTTP}, Security`, 'a foreign Origin is refused with 403'),
  R3: rule(`${HTTP}, Security`, 'a local server listens on this machine only'),
  R4: rule(`${HTTP}, Security`, 'nothing is answered without authentication'),
  R5: rule(`${HTTP}, Sending Messages`, 'a body is one message, no batch'),
  R6: rule(`${HTTP}, Sending Messages`, 'requests are answered, notifications get 202'),
  R7: rule(`${HTTP}, Protocol Version Header`, 'header and body name one served revision'),
  R8: rule(`${HTTP}, Server Validation`, 'Mcp-Method and Mcp-Name match the body'),
  R9: rule(`${BASIC}, _meta`, 'a request without its _meta is refused'),
  R10: rule(HTTP, 'an unknown method is 404 and -32601'),
  R11: rule('MCP 2026-07-28, Discovery', 'server/discover is there'),
  R12: rule('MCP 2026-07-28, Caching', 'lists tell how long they may be kept, and for whom'),
  R13: rule('MCP 2026-07-28, Caching', 'what depends on the caller is private'),
  R14: rule(`${BASIC}, Statelessness`, 'no request depends on an earlier one'),
  R15: rule(`${HTTP}, Earlier Revisions`, 'GET and DELETE are 405, session ids are ignored'),
  R16: rule(`${HTTP}, Cancellation`, 'a client that goes away ends its work'),
  R17: rule(`${HTTP}, Receiving Messages`, 'proxies are told not to hold a stream back'),
  R18: rule('MCP 2026-07-28, Versioning', 'clients of 2025 are served at the same URL'),
  R19: rule(PRACTICES, 'a session id authenticates nobody'),
  R20: rule(`${TOOLS}, Security`, 'input is checked, and calls are limited'),
  R21: rule(TOOLS, 'names are plain, and the order is always the same'),
  R22: rule(`${TOOLS}, Output Schema`, 'results are structured, and the same as text'),
  R23: rule(`${TOOLS}, Error Handling`, 'wrong arguments are an error that the model reads'),
  R24: rule('MCP 2026-07-28, Resources', 'an unknown resource is -32602 and is named'),
  R25: rule(`${BASIC}, JSON Schema`, 'no schema has to be fetched'),
  R26: rule('MCP 2026-07-28, Deprecated', 'nothing deprecated is offered'),
  R27: rule(`${BASIC}, Error Codes`, 'reserved codes are used for what they are for'),
  R28: rule('RFC 9728 section 2', 'the resource metadata names an authorization server'),
  R29: rule('RFC 9728 section 3.3', 'its resource is spelled as the URL that the client used'),
  R30: rule('RFC 9728 section 3.2, RFC 8414 section 3.2', 'empty lists are left out'),
  R31: rule('RFC 9728 section 5.1', '401 names the resource metadata'),
  R32: rule(MCP, '401 names the scope that is enough to begin'),
  R33: rule('RFC 6750 section 3', 'without a token, 401 names no error'),
  R34: rule('RFC 8414 section 3', 'the server metadata is where the issuer says, and names it'),
  R35: rule(SECURITY, 'S256 is announced'),
  R36: rule('RFC 9207 section 3', 'iss in answers is announced'),
  R37: rule(`${CIMD} section 5`, 'client documents and public clients are announced'),
  R38: rule('RFC 8414 section 2', 'what the metadata announces is served'),
  R39: rule(MCP, 'no metadata at the root claims the issuer of a site'),
  R40: rule(MCP, 'offline_access is asked of nobody: not in challenges, not in resource metadata'),
  R41: rule('RFC 9700 section 2.6', 'authorize has no CORS; metadata and token endpoint may'),
  R42: rule(SECURITY, 'redirect URIs are https, loopback, or of a private scheme'),
  R43: rule(MCP, 'a client id that is a URL is fetched'),
  R44: rule(`${CIMD} section 3`, 'such a URL is https, has a path, and no dots, user or fragment'),
  R45: rule(`${CIMD} section 4`, 'status 200 only, and no redirect is followed'),
  R46: rule(`${CIMD} section 6.6`, 'a document has at most 5 kB'),
  R47: rule(MCP, 'the document names exactly its own URL'),
  R48: rule(MCP, 'it has a name and redirect URIs'),
  R49: rule(`${CIMD} section 4.1`, 'it has no secret and no method that needs one'),
  R50: rule(`${CIMD} section 4`, 'documents as the common clients publish them are accepted'),
  R51: rule(`${CIMD} section 6.5`, 'it is not fetched from an address of special use'),
  R52: rule(`${CIMD} section 4.4`, 'it is kept as its headers say, and failures are not kept'),
  R53: rule('RFC 7591 section 3.2.1', 'any client can register, and is told what was registered'),
  R54: rule(`${CIMD} section 6.9`, 'the id of a registration is no URL'),
  R55: rule('RFC 8252 section 7.3', 'redirect URIs are compared exactly, loopback with any port'),
  R56: rule(MCP, 'the operator can name clients beforehand'),
  R57: rule(PRACTICES, 'every client is agreed to before Rucio hears of the login'),
  R58: rule(PRACTICES, 'the page names the client, what it asks for and where the answer goes'),
  R59: rule(SECURITY, 'the host of the answer is shown, and a warning where it is this computer'),
  R60: rule(PRACTICES, 'the cookie is of this host only, and not for scripts'),
  R61: rule(PRACTICES, 'the login is of one browser, and ends after ten minutes'),
  R62: rule('RFC 7636 section 4', 'PKCE with S256, or nothing'),
  R63: rule(`${OAUTH} section 4.1.2.1`, 'nobody is sent to an address that is not registered'),
  R64: rule('RFC 9207 section 2', 'every answer names the issuer'),
  R65: rule(`${OAUTH} section 4.1.2.1`, 'later failures go back to the client, with its state'),
  R66: rule('RFC 8707 section 2', 'a foreign resource is invalid_target'),
  R67: rule(MCP, 'a scope that does not exist is left out'),
  R68: rule('RFC 9700 section 4.12', 'a form is answered with 303'),
  R69: rule('RFC 9700 section 4.16', 'no page is framed, and none has content of others'),
  R70: rule('RFC 10027, BCP 247', 'the risks of the cross-device step are assessed in writing'),
  R71: rule(`${OAUTH} section 4.1.3`, 'a code is good once, for a minute, for its client'),
  R72: rule(`${OAUTH} section 4.1.3`, 'a code that comes twice ends what it led to'),
  R73: rule(`${OAUTH} section 4.1.3`, 'a wrong attempt does not use a code up'),
  R74: rule(`${OAUTH} section 3.2.3`, 'tokens are JSON that nobody keeps'),
  R75: rule('RFC 6749 section 5.2', 'a client that fails to prove itself gets 401 invalid_client'),
  R76: rule(MCP, 'every token is checked; one that has ended is answered with 401'),
  R77: rule('RFC 8707', 'a token is for one site'),
  R78: rule(SECURITY, "the client's token goes nowhere else"),
  R79: rule(SECURITY, 'access tokens live an hour at most, and tell how long'),
  R80: rule(`${OAUTH} section 4.3.1`, 'refresh tokens are rotated'),
  R81: rule(MCP, 'a call that needs more gets 403 with all the scopes it needs'),
  R82: rule(MCP, 'a token in a URL is none'),
  R83: rule(SECURITY, 'nothing secret is logged'),
  R84: rule('RFC 7009 section 2', 'tokens can be withdrawn'),
};

function rule(source: string, behaviour: string): Requirement {
  return { source, behaviour };
}
