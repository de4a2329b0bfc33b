/** Keys and indices from the root of a document to a value in it. */
export type IssuePath = readonly (string | number)[];

/** One thing that is wrong in a document, told so that its author can mend it without us. */
export interface ConfigIssue {
  readonly path: IssuePath;
  /** What is wrong. Never the value itself: it may be a secret in the wrong place. */
  readonly message: string;
  /** What would be right. */
  readonly expected?: string;
  /** What to do. */
  readonly fix?: string;
}

/**
 * A document with at least one {@link ConfigIssue}. Its message lists all of them.
 *
 * @throws by {@link parseValues} and {@link parseServerDocument}
 */
export class ConfigError extends Error {
  readonly code = 'CONFIG_INVALID';
  readonly issues: readonly ConfigIssue[];

  constructor(issues: readonly ConfigIssue[], subject: string) {
    super(formatIssues(issues, subject));
    this.name = 'ConfigError';
    this.issues = issues;
  }
}

/** `auth.sites[1].rucioHost`; keys that are not plain words in brackets: `labels["a.b/c"]`. */
export function formatPath(path: IssuePath): string {
  if (path.length === 0) return '(the document)';
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[A-Za-z_][\w-]*$/.test(part)) text += text === '' ? part : `.${part}`;
    else text += `[${JSON.stringify(part)}]`;
  }
  return text;
}

/** All issues as text for a terminal: a headline, then path, problem, expectation and remedy. */
export function formatIssues(issues: readonly ConfigIssue[], subject: string): string {
  const count = issues.length === 1 ? '1 problem' : `${issues.length} problems`;
  const lines = [`${count} in ${subject}:`];
  for (const issue of issues) {
    lines.push('', `  ${formatPath(issue.path)}: ${issue.message}`);
    if (issue.expected !== undefined) lines.push(`    expected: ${issue.expected}`);
    if (issue.fix !== undefined) lines.push(`    fix: ${issue.fix}`);
  }
  return lines.join('\n');
}

/** Whether `path` lies at or below `prefix`. */
export function isWithin(path: IssuePath, prefix: IssuePath): boolean {
  return prefix.every((part, index) => path[index] === part);
}
