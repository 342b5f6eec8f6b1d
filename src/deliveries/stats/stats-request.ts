import type { Fault } from '../../platform/errors/gateway-error.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import { toMoment } from '../../platform/http/moment.decorator.js';
import { declarationOf, isOfApps, MEASURE_NAMES, type Measure } from '../tallies/measures.js';
import { MAX_STEPS, type StatsQueryDto } from './stats.dto.js';

/** A validated request for statistics. */
export interface StatsRequest {
  /** Begins a step. */
  readonly from: Date;
  /** Ends a step. */
  readonly to: Date;
  readonly stepSeconds: number;
  readonly steps: number;
  readonly measures: readonly Measure[];
  /** Labels to keep; unset: all. */
  readonly by: ReadonlySet<string> | undefined;
}

const MS_PER_HOUR = 3_600_000;
/** Longest span in ms that is read by the minute, which bounds the rows that a request reads. */
const MAX_BY_MINUTE_MS = 7 * 24 * MS_PER_HOUR;
const SMS = ['sms_segments', 'sms_cost'] as const;

/**
 * Reads a query.
 *
 * @param isOperator false: a backend, which gets only measures whose series belong to an app.
 * @throws GatewayError `REQUEST.INVALID_QUERY` with every problem.
 */
export function readStatsRequest(query: StatsQueryDto, isOperator: boolean, now = new Date()): StatsRequest {
  const faults: Fault[] = [];
  const measures = readMeasures(query.measure, isOperator, faults);
  const by = readLabels(query.by, measures, faults);
  const span = readSpan(query, now, faults);
  if (faults.length > 0) throw new GatewayError('REQUEST.INVALID_QUERY', { errors: faults });
  return { ...span, measures, by };
}

function readMeasures(given: readonly string[] | undefined, isOperator: boolean, faults: Fault[]): Measure[] {
  const allowed = MEASURE_NAMES.filter((name) => isOperator || isOfApps(name));
  if (given === undefined) return allowed;
  const asked = new Set(given.flatMap((name) => (name === 'sms' ? SMS : [name])));
  for (const name of asked) {
    if (allowed.some((known) => known === name)) continue;
    const isKnown = MEASURE_NAMES.some((known) => known === name);
    const problem = isKnown ? 'is of all apps, and for operators only' : `is none of ${allowed.join(', ')}`;
    faults.push({ path: 'measure', problem: `${JSON.stringify(name.slice(0, 50))} ${problem}` });
  }
  return allowed.filter((name) => asked.has(name));
}

function readLabels(
  given: readonly string[] | undefined,
  measures: readonly Measure[],
  faults: Fault[],
): ReadonlySet<string> | undefined {
  if (given === undefined) return undefined;
  const known = new Set(measures.flatMap((measure) => declarationOf(measure).labels));
  const labels = new Set(given.filter((name) => name !== ''));
  for (const name of labels) {
    if (known.has(name) || measures.length === 0) continue;
    const problem = `${JSON.stringify(name.slice(0, 50))} is no label of these measures, which have ${[...known].join(', ')}`;
    faults.push({ path: 'by', problem });
  }
  return labels;
}

function readSpan(
  { from: givenFrom, to: givenTo, step: stepSeconds }: StatsQueryDto,
  now: Date,
  faults: Fault[],
): Pick<StatsRequest, 'from' | 'to' | 'stepSeconds' | 'steps'> {
  const end = (givenTo === undefined ? undefined : toMoment(givenTo)) ?? now;
  const start =
    (givenFrom === undefined ? undefined : toMoment(givenFrom)) ??
    new Date(Math.max(0, end.getTime() - MS_PER_HOUR));
  const stepMs = stepSeconds * 1_000;
  const fromMs = Math.floor(start.getTime() / stepMs) * stepMs;
  const toMs = Math.ceil(end.getTime() / stepMs) * stepMs;
  const steps = (toMs - fromMs) / stepMs;
  if (stepSeconds % 60 !== 0) faults.push({ path: 'step', problem: 'must be a multiple of 60' });
  if (start >= end) faults.push({ path: 'to', problem: 'must be later than from' });
  else if (steps > MAX_STEPS)
    faults.push({ path: 'step', problem: `makes ${steps} steps of this span; at most ${MAX_STEPS}` });
  else if (stepSeconds % 3_600 !== 0 && end.getTime() - start.getTime() > MAX_BY_MINUTE_MS)
    faults.push({ path: 'step', problem: 'must be a multiple of 3600 for more than a week' });
  return { from: new Date(fromMs), to: new Date(toMs), stepSeconds, steps };
}
