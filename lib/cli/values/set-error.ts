/** An argument of the `--set` family that has no meaning. Its message names places, never values. */
export class SetError extends Error {
  readonly code = 'SET_SYNTAX';

  constructor(message: string) {
    super(message);
    this.name = 'SetError';
  }
}
