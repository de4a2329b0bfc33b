/** The code of a system error (`ENOENT`), for a message to whoever runs the command. */
export function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error
    ? String(error.code)
    : 'unknown error';
}
