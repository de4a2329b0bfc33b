/** JSON-RPC codes that we send ourselves; the rest comes from the SDK. @see JSON-RPC 2.0 section 5.1 */
export const JSON_RPC = {
  parseError: -32_700,
  invalidRequest: -32_600,
  internalError: -32_603,
  /** Implementation-defined: refused before the message was looked at. */
  refused: -32_000,
} as const;

/** An error that belongs to no request in particular: its id is unknown or was never read. */
export function jsonRpcError(code: number, message: string): object {
  return { jsonrpc: '2.0', error: { code, message }, id: null };
}
