/** Whether an abort reason is that of `AbortSignal.timeout`, possibly from another realm. */
export function isTimeoutError(reason: unknown): boolean {
  return (
    typeof reason === 'object' &&
    reason !== null &&
    'name' in reason &&
    reason.name === 'TimeoutError'
  );
}
