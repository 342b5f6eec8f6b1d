/** The code of an error of Node, of a driver or of PostgreSQL (`ENOENT`, `ECONNREFUSED`, `57P01`), if any. */
export function codeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
