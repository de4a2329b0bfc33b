/** Arguments of a prompt, as the client sent them. */
export type PromptArguments = Readonly<Record<string, string | undefined>>;

type Row = Readonly<Record<string, unknown>>;

/** The rows of a tool's table as objects, with whole DIDs; empty when the tool failed. */
export function rowsOf(text: string): Row[] {
  const table = parse(text);
  const { columns, rows, scope } = table;
  if (!Array.isArray(columns) || !Array.isArray(rows)) return [];
  return rows.map((cells: unknown) => {
    const values = Array.isArray(cells) ? (cells as unknown[]) : [];
    const row = Object.fromEntries(
      columns.map((column: unknown, index) => [String(column), values[index]]),
    );
    // A scope that all rows share is written once.
    if (typeof scope === 'string' && typeof row['name'] === 'string') {
      row['did'] = `${scope}:${row['name']}`;
    }
    return row;
  });
}

/** The DIDs of the largest rules, each once. */
export function largestDids(text: string, max: number): string[] {
  const sized = rowsOf(text).flatMap(({ did, bytes }) =>
    typeof did === 'string' ? [{ did, bytes: Number(bytes ?? 0) }] : [],
  );
  const largest = sized.sort((a, b) => b.bytes - a.bytes).map(({ did }) => did);
  return [...new Set(largest)].slice(0, max);
}

function parse(text: string): Row {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Row) : {};
  } catch {
    return {};
  }
}
