/** A mistake of whoever runs the command: shown as it is, without a stack, exit code 1. */
export class UsageError extends Error {
  readonly code = 'USAGE';

  constructor(what: string, next?: string) {
    super(next === undefined ? what : `${what}\nnext: ${next}`);
    this.name = 'UsageError';
  }
}
