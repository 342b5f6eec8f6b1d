import type pg from 'pg';
import { columns } from '../../platform/database/columns.js';
import { statement } from '../../platform/database/statement.js';
import type { Measure } from './measures.js';

/** Lengths of the spans that are tallied, in seconds. Coarser ones let a plot of days read fewer rows. */
export const SPANS = [60, 300, 3_600] as const;

/** One series in one span. */
export interface Tally {
  readonly spanSeconds: (typeof SPANS)[number];
  readonly start: Date;
  /** `queue_sample`: the queues were sampled in the span; those without a row were empty. */
  readonly measure: Measure | 'queue_sample';
  /** Empty: no single app. */
  readonly appId: string;
  /** The further labels as canonical JSON. */
  readonly labels: string;
  readonly n: number;
}

const INSERT = `
INSERT INTO tally AS t (span_seconds, start, measure, app_id, labels, n)
SELECT * FROM unnest(:spanSeconds::int[], :start::timestamptz[], :measure::text[], :appId::text[], :labels::text[],
                     :n::bigint[])
ON CONFLICT (span_seconds, measure, start, app_id, labels) DO UPDATE SET n =`;
const ADD = statement<keyof Tally>(`${INSERT} t.n + excluded.n`);
// A queue has no row while it is empty, and one that has become empty in the span gets a zero.
const SET_QUEUES = statement<keyof Tally>(`
WITH emptied AS (
  UPDATE tally SET n = 0
  WHERE (span_seconds, start) IN (SELECT * FROM unnest(:spanSeconds::int[], :start::timestamptz[]))
    AND measure = 'queue' AND labels <> ALL(:labels::text[]) AND n <> 0
)${INSERT} excluded.n`);

const columnsOf = (tallies: readonly Tally[]): Record<keyof Tally, unknown[]> =>
  columns(tallies, 'spanSeconds', 'start', 'measure', 'appId', 'labels', 'n');

/** Adds to the tallies. @param tallies each at most once, in an order that is the same in all processes. */
export async function addTallies(sql: pg.Pool, tallies: readonly Tally[]): Promise<void> {
  await ADD.run(sql, columnsOf(tallies));
}

/** Replaces what is known of the queues. @param tallies as above, of the same series in each span, with `queue_sample`. */
export async function setQueues(sql: pg.Pool, tallies: readonly Tally[]): Promise<void> {
  await SET_QUEUES.run(sql, columnsOf(tallies));
}

// A row a minute; `n` is the time of the last claim by the database's clock.
const CLAIM_SAMPLE = statement<'everySeconds'>(`
INSERT INTO tally AS t (span_seconds, start, measure, app_id, labels, n)
VALUES (60, date_trunc('minute', now()), 'queue_claim', '', '{}', extract(epoch FROM now())::bigint)
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

/** A series in its steps. Steps without a row are left out. */
export interface StoredSeries {
  readonly measure: Tally['measure'];
  readonly appId: string;
  readonly labels: string;
  /** Positions of the steps from `from` on, ascending. */
  readonly steps: readonly number[];
  /** The value of each. */
  readonly values: readonly number[];
}

const STEP = 'floor(extract(epoch FROM start - :from::timestamptz) / :step::int)::int';
const IN_SPAN = `span_seconds = :span::int AND start >= :from::timestamptz AND start < :to::timestamptz`;
const COLUMNS = `
measure, app_id AS "appId", labels, array_agg(step ORDER BY step) AS steps, array_agg(n ORDER BY step) AS values`;

type Span = 'from' | 'to' | 'step' | 'span';
const READ = statement<Span | 'measures' | 'appId', StoredSeries>(`
SELECT ${COLUMNS}
FROM (
  SELECT measure, app_id, labels, ${STEP} AS step, sum(n)::float8 AS n
  FROM tally
  WHERE ${IN_SPAN} AND measure = ANY(:measures::text[]) AND (:appId::text IS NULL OR app_id IN (:appId, ''))
  GROUP BY measure, app_id, labels, step
) AS stepped
GROUP BY measure, app_id, labels`);

// The rows of the last sample in each step.
const READ_QUEUES = statement<Span, StoredSeries>(`
SELECT ${COLUMNS}
FROM (
  SELECT measure, app_id, labels, last.step, n::float8 AS n
  FROM (
    SELECT max(start) AS start, ${STEP} AS step FROM tally
    WHERE ${IN_SPAN} AND measure = 'queue_sample' GROUP BY step
  ) AS last
  JOIN tally USING (start) WHERE ${IN_SPAN} AND measure IN ('queue', 'queue_sample')
) AS stepped
GROUP BY measure, app_id, labels`);

/** Sums of each step, by series. */
export function readTallies(sql: pg.Pool, query: TallyQuery): Promise<StoredSeries[]> {
  const { measures, appId = null } = query;
  return READ.rows(sql, { ...spanOf(query), measures, appId });
}

/** The last sample of the queues in each step, with `queue_sample` itself: a queue without a value was empty. */
export function readQueues(sql: pg.Pool, query: TallyQuery): Promise<StoredSeries[]> {
  return READ_QUEUES.rows(sql, spanOf(query));
}

/** Reads the rows of the longest spans that the steps consist of. */
function spanOf({ from, to, stepSeconds }: TallyQuery): Record<Span, unknown> {
  const isPart = (span: number): boolean => stepSeconds % span === 0 && from.getTime() % (span * 1_000) === 0;
  return { from, to, step: stepSeconds, span: SPANS.findLast(isPart) ?? SPANS[0] };
}
