import type pg from 'pg';
import { columns } from '../../platform/database/columns.js';
import { statement } from '../../platform/database/statement.js';
import type { Measure } from './measures.js';

/** One series in one minute or hour. */
export interface Tally {
  readonly spanSeconds: 60 | 3_600;
  readonly start: Date;
  readonly measure: Measure;
  /** Empty: no single app. */
  readonly appId: string;
  /** The further labels as canonical JSON. */
  readonly labels: string;
  readonly n: number;
}

const insert = (update: string) =>
  statement<keyof Tally>(`
INSERT INTO tally AS t (span_seconds, start, measure, app_id, labels, n)
SELECT * FROM unnest(:spanSeconds::int[], :start::timestamptz[], :measure::text[], :appId::text[], :labels::text[],
                     :n::bigint[])
ON CONFLICT (span_seconds, measure, start, app_id, labels) DO UPDATE SET n = ${update}`);
const ADD = insert('t.n + excluded.n');
const SET = insert('excluded.n');

/** Adds to the tallies. @param tallies each at most once, in an order that is the same in all processes. */
export async function addTallies(sql: pg.Pool, tallies: readonly Tally[]): Promise<void> {
  await ADD.run(sql, { ...columns(tallies, 'spanSeconds', 'start', 'measure', 'appId', 'labels', 'n') });
}

/** Replaces the tallies by newer values. @param tallies as above. */
export async function setTallies(sql: pg.Pool, tallies: readonly Tally[]): Promise<void> {
  await SET.run(sql, { ...columns(tallies, 'spanSeconds', 'start', 'measure', 'appId', 'labels', 'n') });
}

// A row a minute; `n` is the time of the last sample by the database's clock.
const CLAIM_SAMPLE = statement<'everySeconds'>(`
INSERT INTO tally AS t (span_seconds, start, measure, app_id, labels, n)
VALUES (60, date_trunc('minute', now()), 'queue_sample', '', '{}', extract(epoch FROM now())::bigint)
ON CONFLICT (span_seconds, measure, start, app_id, labels) DO UPDATE SET n = excluded.n
WHERE excluded.n >= t.n + :everySeconds`);

/** @returns whether nobody has claimed a sample of this minute in the last `everySeconds`. */
export async function claimSample(sql: pg.Pool, everySeconds: number): Promise<boolean> {
  return (await CLAIM_SAMPLE.run(sql, { everySeconds })) > 0;
}

export interface TallyQuery {
  readonly measures: readonly Measure[];
  readonly from: Date;
  /** Exclusive. */
  readonly to: Date;
  readonly stepSeconds: number;
  /** Unset: all. Series without an app are read in any case. */
  readonly appId?: string | undefined;
}

/** A series in its steps. Steps without a value are left out. */
export interface StoredSeries {
  readonly measure: Measure;
  readonly appId: string;
  readonly labels: string;
  /** Positions of the steps from `from` on, ascending. */
  readonly steps: readonly number[];
  /** The value of each. */
  readonly values: readonly number[];
}

type ReadParams = 'measures' | 'from' | 'to' | 'step' | 'span' | 'appId';
const read = (value: string) =>
  statement<ReadParams, StoredSeries>(`
SELECT measure, app_id AS "appId", labels, array_agg(step ORDER BY step) AS steps, array_agg(n ORDER BY step) AS values
FROM (
  SELECT measure, app_id, labels, floor(extract(epoch FROM start - :from::timestamptz) / :step::int)::int AS step,
         (${value})::float8 AS n
  FROM tally
  WHERE span_seconds = :span::int AND measure = ANY(:measures::text[])
    AND start >= :from::timestamptz AND start < :to::timestamptz
    AND (:appId::text IS NULL OR app_id IN (:appId, ''))
  GROUP BY measure, app_id, labels, step
) AS stepped
GROUP BY measure, app_id, labels`);
const SUMS = read('sum(n)');
const LAST_VALUES = read('(array_agg(n ORDER BY start DESC))[1]');

/** Reads counts, or the last value of gauges, in steps of whole minutes; whole hours are read from the rows of hours. */
export function readTallies(
  sql: pg.Pool,
  of: 'counts' | 'gauges',
  { measures, from, to, stepSeconds, appId = undefined }: TallyQuery,
): Promise<StoredSeries[]> {
  const span = stepSeconds % 3_600 === 0 && from.getTime() % 3_600_000 === 0 ? 3_600 : 60;
  const statementOf = { counts: SUMS, gauges: LAST_VALUES } as const;
  const params = { measures, from, to, step: stepSeconds, span, appId: appId ?? null };
  return statementOf[of].rows(sql, params);
}
