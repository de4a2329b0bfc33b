/** The pod can not run as its manifest describes it; the message says what is in the way. */
export class PodError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PodError';
  }
}
