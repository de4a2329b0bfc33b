import { AppError, type ErrorCode } from '../errors';
import { parseJson } from './json';
import type { RucioOperation } from './operations';
import { cleanMessage, quoteName } from './untrusted-text';

/** What a failed request was about. */
export interface ErrorContext {
  readonly operation: RucioOperation;
  /** Name of the site, as clients know it. */
  readonly site: string;
  /** The DID, account or pattern that was asked for; shown quoted. */
  readonly subject?: string | undefined;
  /** The same by kind, where Rucio may complain about one of several things. */
  readonly about?: Readonly<Partial<Record<SubjectKind, string | undefined>>> | undefined;
  /** Whether the request could have changed something. */
  readonly isChange?: boolean;
  /** What a status without an explanation means, where that is known: Rucio has no such route, say. */
  readonly missing?: ((status: number) => AppError | undefined) | undefined;
}

/** What an error can be about. */
export type SubjectKind = 'account' | 'did' | 'expression' | 'rse' | 'rule';

interface Meaning {
  readonly code: ErrorCode;
  readonly what: string;
  readonly next: string;
  /** The kind of thing that `what` speaks of, so that its name can follow. */
  readonly names?: SubjectKind;
  /** Whether Rucio's own message is useful and harmless enough to be shown. */
  readonly quote?: true;
}

const REFUSED_ARGUMENT: Omit<Meaning, 'what'> = {
  code: 'BAD_ARGUMENT',
  next: 'correct the argument and call again',
  quote: true,
};
const NOT_FOUND = { code: 'NOT_FOUND', next: 'check the name' } as const;
const DENIED: Meaning = {
  code: 'DENIED',
  what: 'Rucio does not permit this to the account in use',
  next: "ask the data's owner or a Rucio administrator for the right; signing in again does not help",
};
const LOGIN: Meaning = {
  code: 'LOGIN',
  what: "Rucio does not accept the session or the account's credentials",
  next: 'sign in again; if the server signs in by itself, ask its operator to check the credentials',
};
const OVERLOADED: Meaning = {
  code: 'RUCIO_DOWN',
  what: "Rucio's database or a service behind it is not available",
  next: 'try again in a minute',
};

/**
 * What an `ExceptionClass` of Rucio means to a caller. The class alone decides: statuses are used
 * loosely by Rucio (401 also means "not permitted", 500 also "no such RSE"), texts change.
 *
 * @see https://github.com/rucio/rucio/blob/41.0.0/lib/rucio/common/exception.py
 */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  DataIdentifierNotFound: {
    code: 'DID_NOT_FOUND',
    what: 'Rucio has no such DID',
    next: 'find its exact name with rucio_list_dids',
    names: 'did',
  },
  ScopeNotFound: {
    code: 'SCOPE_NOT_FOUND',
    what: 'Rucio has no such scope',
    next: 'check the part before the colon; scopes are case-sensitive',
  },
  RSENotFound: {
    code: 'RSE_NOT_FOUND',
    what: 'Rucio has no such RSE',
    next: 'check the RSE name; names are usually in capitals',
    quote: true,
  },
  InvalidRSEExpression: {
    code: 'RSE_EXPRESSION',
    what: 'The RSE expression is not valid or matches no RSE',
    next: 'use names, attr=value, attr<n, attr>n, joined by | & \\ and parentheses',
    names: 'expression',
    quote: true,
  },
  RuleNotFound: {
    code: 'RULE_NOT_FOUND',
    what: 'Rucio has no such rule',
    next: 'list the rules of its DID with rucio_list_did_rules',
    names: 'rule',
  },
  AccountNotFound: { ...NOT_FOUND, what: 'Rucio has no such account', names: 'account' },
  SubscriptionNotFound: { ...NOT_FOUND, what: 'Rucio has no such subscription' },
  RequestNotFound: { ...NOT_FOUND, what: 'Rucio has no such transfer request' },
  ReplicaNotFound: { ...NOT_FOUND, what: 'Rucio has no such replica' },
  RSEAttributeNotFound: { ...NOT_FOUND, what: 'The RSE has no such attribute' },
  RSEProtocolNotSupported: { ...NOT_FOUND, what: 'The RSE has no such protocol' },
  KeyNotFound: { ...NOT_FOUND, what: 'Rucio has no such key' },
  AccessDenied: DENIED,
  CannotAuthorize: DENIED,
  CannotAuthenticate: LOGIN,
  IdentityError: LOGIN,
  IdentityNotFound: LOGIN,
  InsufficientAccountLimit: {
    code: 'QUOTA',
    what: "The account's quota does not suffice",
    next: 'choose other RSEs, or ask for more quota',
  },
  InsufficientTargetRSEs: {
    code: 'TOO_FEW_RSES',
    what: 'Fewer RSEs match than copies are asked for',
    next: 'ask for fewer copies or widen the RSE expression',
    quote: true,
  },
  RSEWriteBlocked: {
    code: 'RSE_BLOCKED',
    what: 'The RSE does not accept new data now',
    next: 'choose another RSE',
  },
  // Its message is the database's error with the whole SQL statement.
  DuplicateRule: {
    code: 'DUPLICATE',
    what: 'Such a rule exists already: same DID, account, RSE expression and copies',
    next: 'use the rule that exists: rucio_list_did_rules shows it',
  },
  InvalidMetadata: { ...REFUSED_ARGUMENT, what: 'Rucio does not know this metadata key' },
  DIDFilterSyntaxError: { ...REFUSED_ARGUMENT, what: 'Rucio does not understand the filter' },
  DuplicateCriteriaInDIDFilter: { ...REFUSED_ARGUMENT, what: 'The filter says something twice' },
  InputValidationError: { ...REFUSED_ARGUMENT, what: 'Rucio refuses an argument' },
  InvalidPath: { ...REFUSED_ARGUMENT, what: 'Rucio refuses the name' },
  InvalidType: { ...REFUSED_ARGUMENT, what: 'Rucio refuses the type of an argument' },
  InvalidValueForKey: { ...REFUSED_ARGUMENT, what: 'Rucio refuses the value of a key' },
  SortingAlgorithmNotSupported: {
    ...REFUSED_ARGUMENT,
    what: 'Rucio does not know this sort order',
  },
  UnsupportedMetadataPlugin: { ...REFUSED_ARGUMENT, what: 'Rucio does not know this plugin' },
  // Its message repeats the whole input, which may be large.
  InvalidObject: {
    code: 'BAD_ARGUMENT',
    what: "An argument does not fit Rucio's schema for names",
    next: 'check the spelling: letters, digits, "-", "_", "." and, in names, "/"',
  },
  UnsupportedOperation: {
    code: 'RUCIO_REFUSED',
    what: 'Rucio does not support this operation here',
    next: 'do not repeat the call unchanged',
    quote: true,
  },
  DatabaseException: OVERLOADED,
  ResourceTemporaryUnavailable: OVERLOADED,
  ServerConnectionException: OVERLOADED,
};

/** The classes that {@link RucioError} knows by name. */
export const KNOWN_EXCEPTION_CLASSES = Object.keys(MEANINGS);

/**
 * An error that Rucio itself answered with. Its code follows from the class; see
 * {@link publicMessage} for what may be shown.
 */
export class RucioError extends AppError {
  /** Rucio's name for the error, e.g. `DataIdentifierNotFound`. Untrusted. */
  readonly exceptionClass: string;
  /** Rucio's text, complete; for the log only. */
  readonly exceptionMessage: string;
  readonly status: number;
  readonly operation: RucioOperation;
  /** What the error is about, as the caller wrote it; undefined when that is not known. */
  readonly subject: string | undefined;

  /** Whether an error is Rucio's of this class. */
  static is(error: unknown, exceptionClass: string): error is RucioError {
    return error instanceof RucioError && error.exceptionClass === exceptionClass;
  }

  constructor(
    exceptionClass: string,
    exceptionMessage: string,
    status: number,
    context: ErrorContext,
  ) {
    const meaning = Object.hasOwn(MEANINGS, exceptionClass) ? MEANINGS[exceptionClass] : undefined;
    const { code, what, next, quote, names } = meaning ?? unknownClass(exceptionClass);
    const { operation, site } = context;
    const subject = subjectOf(context, names);
    const place =
      names !== undefined && subject !== ''
        ? `: ${subject} (site ${site}, ${operation})`
        : ` (site ${site}, ${`${operation} ${subject}`.trimEnd()})`;
    const said = quote === true ? cleanMessage(exceptionMessage) : '';
    super(code, {
      what: `${what}${place}.`,
      why: said === '' ? undefined : `Rucio says: ${said}`,
      next,
    });
    this.name = 'RucioError';
    this.exceptionClass = exceptionClass;
    this.exceptionMessage = exceptionMessage;
    this.status = status;
    this.operation = operation;
    this.subject = names === undefined ? context.subject : nameOf(context, names);
  }
}

function nameOf({ about, subject }: ErrorContext, kind: SubjectKind): string | undefined {
  return about?.[kind] ?? subject;
}

/** What was asked for, quoted; empty when it is not known which of several things it was. */
function subjectOf(context: ErrorContext, kind: SubjectKind | undefined): string {
  const { about, subject } = context;
  const given = Object.values(about ?? {}).filter((name) => name !== undefined);
  const name = kind === undefined ? (subject ?? given.join(' ')) : nameOf(context, kind);
  return name === undefined || name === '' ? '' : quoteName(name);
}

function unknownClass(exceptionClass: string): Meaning {
  const named = /^[A-Za-z]\w{0,63}$/.test(exceptionClass) ? ` with ${exceptionClass}` : '';
  return {
    code: 'RUCIO_REFUSED',
    what: `Rucio refused the request${named}`,
    next: 'check the arguments; do not repeat the call unchanged',
  };
}

/** The parts of a failed answer that tell what went wrong. */
export interface FailedAnswer {
  readonly status: number;
  /** Value of a response header, or undefined. */
  readonly header: (name: string) => string | undefined;
  readonly body: string;
}

/**
 * Reads the error out of an answer: from the body, which has the whole message, else from the headers.
 *
 * @returns a {@link RucioError}, or RUCIO_DOWN when the answer names no `ExceptionClass`: then it is
 *   some proxy's page or a crash, and nothing of it is shown
 */
export function errorFromAnswer(answer: FailedAnswer, context: ErrorContext): AppError {
  const told = exceptionInBody(answer.body) ?? {
    exceptionClass: answer.header('exceptionclass'),
    exceptionMessage: answer.header('exceptionmessage') ?? '',
  };
  if (told.exceptionClass !== undefined && told.exceptionClass !== '') {
    return new RucioError(told.exceptionClass, told.exceptionMessage, answer.status, context);
  }
  const known = context.missing?.(answer.status);
  if (known !== undefined) return known;
  // The web server in front of Rucio refuses some logins by itself, for example those by Kerberos.
  if (answer.status === 401 && context.operation === 'login') {
    return new RucioError('CannotAuthenticate', '', answer.status, context);
  }
  const seconds = answer.header('retry-after');
  const wait = seconds !== undefined && /^\d{1,5}$/.test(seconds) ? `in ${seconds} s` : 'later';
  return rucioDown(context, `answered with HTTP status ${answer.status} and no explanation`, {
    next: isMissing(answer.status)
      ? "do not repeat the call: Rucio is too old for it, or the site's Rucio URL is wrong"
      : nextAfter(context, wait),
  });
}

/**
 * What is told of a route that Rucio lacks before some version; see {@link ErrorContext.missing}.
 *
 * @param since - the first release that has it, such as 37.4
 */
export function tooOld(operation: RucioOperation, site: string, since: string): AppError {
  return new AppError('RUCIO_REFUSED', {
    what: `Rucio (site ${site}) is too old for this (${operation}).`,
    why: `Rucio has it since version ${since}; rucio_ping tells the version of this one.`,
    next: 'do not repeat the call; an update of Rucio is up to its operators',
  });
}

/** Rucio names an exception with all its own; a bare one is about the route. */
export function isMissing(status: number): boolean {
  return status === 404 || status === 405;
}

function exceptionInBody(
  body: string,
): { exceptionClass: string; exceptionMessage: string } | undefined {
  let parsed: unknown;
  try {
    parsed = parseJson(body);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { ExceptionClass: name, ExceptionMessage: message } = parsed as Record<string, unknown>;
  if (typeof name !== 'string' || name === '') return undefined;
  return { exceptionClass: name, exceptionMessage: typeof message === 'string' ? message : '' };
}

/**
 * No usable answer.
 *
 * @param problem - continues "Rucio (site x) …"
 */
export function rucioDown(
  context: ErrorContext,
  problem: string,
  options: { readonly next?: string; readonly cause?: unknown } = {},
): AppError {
  return new AppError('RUCIO_DOWN', {
    what: `Rucio (site ${context.site}) ${problem} (${context.operation}).`,
    next: options.next ?? nextAfter(context, 'in a minute'),
    cause: options.cause,
  });
}

/** A change that may have been made must not be repeated blindly. */
function nextAfter({ isChange }: ErrorContext, wait: string): string {
  return isChange === true
    ? 'the change may have been made: look whether it was before you repeat it'
    : `try again ${wait}; rucio_ping tells whether Rucio is up`;
}
