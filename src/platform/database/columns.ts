/** These columns of some rows, each as one array: what `unnest` takes. */
export function columns<Row, Column extends keyof Row & string>(
  rows: readonly Row[],
  ...names: readonly Column[]
): Record<Column, unknown[]> {
  const arrays = names.map((name) => [name, rows.map((row) => row[name])]);
  return Object.fromEntries(arrays) as Record<Column, unknown[]>;
}
