const STOP_MESSAGE = 'the server has to stop';

/**
 * Why a stopping server ends a call: as if its time were over, which it is. Who was changing something
 * is then told that the outcome is not known.
 */
export function stopError(): DOMException {
  return new DOMException(STOP_MESSAGE, 'TimeoutError');
}

export function isStopError(reason: unknown): boolean {
  return isTimeoutError(reason) && (reason as DOMException).message === STOP_MESSAGE;
}

/** Whether an abort reason is that of `AbortSignal.timeout`, possibly from another realm. */
export function isTimeoutError(reason: unknown): boolean {
  return (
    typeof reason === 'object' &&
    reason !== null &&
    'name' in reason &&
    reason.name === 'TimeoutError'
  );
}
