/** One line or layer of a chart. */
export interface ChartSeries {
  readonly label: string;
  /** One per time; null: no value. */
  readonly values: readonly (number | null)[];
  /** 1 to 7, a colour of `--series-…`; without it, by its place. */
  readonly color?: number;
}

export interface ChartData {
  /** Seconds since 1970, ascending. */
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
}

const COLORS = 7;

/** The custom property with the colour of a series. */
export const colorOf = (series: ChartSeries, index: number): string =>
  `--series-${series.color ?? (index % COLORS) + 1}`;

/** The heights at which layers end, each on those before it. Without values in any layer, there is none. */
export function stacked(series: readonly ChartSeries[]): (number | null)[][] {
  const sums: (number | null)[] = [];
  return series.map(({ values }) =>
    values.map((value, index) => {
      const below = sums[index] ?? null;
      const sum = value === null ? below : (below ?? 0) + value;
      sums[index] = sum;
      return sum;
    }),
  );
}

/** The last value that is there. */
export function latestOf({ values }: ChartSeries): number | null {
  return values.findLast((value) => value !== null) ?? null;
}
