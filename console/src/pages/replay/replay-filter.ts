import { useTheApp } from '../../api/app-choice.js';
import type { Dto } from '../../api/client.js';
import { useFilters } from '../../api/filters.js';
import { SPAN_MS, type SpanName } from '../../api/span.js';
import { words } from '../../words.js';

export type ReplayRequest = Dto<'ReplayRequestDto'>;
export type ReplayFilter = ReplayRequest['filter'];
export type Reason = ReplayFilter['reasons'][number];
export type Filters = Partial<Record<FilterName, string>>;

export const SPANS = ['15m', '1h', '6h', '24h', '7d'] as const satisfies readonly SpanName[];
const DEFAULT_SPAN: SpanName = '1h';

/** Failures of a vendor or an account, after which the same message may succeed. */
export const USUAL_REASONS = [
  'provider_unavailable',
  'provider_over_quota',
  'provider_misconfigured',
] as const satisfies readonly Reason[];
/** Other reasons of failed and expired deliveries. */
export const FURTHER_REASONS = [
  ...(['outcome_unknown', 'internal_error', 'too_old', 'no_credit', 'undelivered', 'set_aside'] as const),
  ...(['message_refused', 'message_too_large', 'number_unreachable'] as const),
  ...(['token_invalid', 'token_unregistered'] as const),
] as const satisfies readonly Reason[];

const NAMES = ['span', 'from', 'to', 'reasons', 'provider', 'channel'] as const;
type FilterName = (typeof NAMES)[number];

interface ReplayFilters {
  readonly filters: Filters;
  readonly change: (changes: Partial<Record<FilterName, string | undefined>>) => void;
  /** The app that is chosen, or the only one; undefined: the user must choose. */
  readonly appId: string | undefined;
}

/** The filter of a new replay, as the URL holds it. */
export function useReplayFilters(): ReplayFilters {
  const [filters, change] = useFilters(NAMES);
  return { filters, change, appId: useTheApp() };
}

export const isCustom = ({ span, from, to }: Filters): boolean =>
  span === 'custom' || from !== undefined || to !== undefined;

export const spanOf = ({ span }: Filters): SpanName => SPANS.find((one) => one === span) ?? DEFAULT_SPAN;

/** The reasons in the URL; without any, the usual ones. Empty: none is chosen. */
export function reasonsOf({ reasons }: Filters): readonly Reason[] {
  if (reasons === undefined) return USUAL_REASONS;
  const named = reasons.split(',');
  return [...USUAL_REASONS, ...FURTHER_REASONS].filter((reason) => named.includes(reason));
}

/** The reasons as the URL holds them; undefined: the usual ones. */
export function reasonsText(chosen: readonly Reason[]): string | undefined {
  const isUsual =
    chosen.length === USUAL_REASONS.length && USUAL_REASONS.every((reason) => chosen.includes(reason));
  if (isUsual) return undefined;
  return chosen.length === 0 ? 'none' : chosen.join(',');
}

/**
 * The filter with its moments fixed, so that what is counted is what is sent.
 *
 * @param nowMs the end of a span until now
 */
export function requestFilter(
  filters: Filters,
  appId: string | undefined,
  nowMs: number,
): ReplayFilter | undefined {
  const { channel, provider } = filters;
  const custom = isCustom(filters);
  const from = custom ? filters.from : new Date(nowMs - SPAN_MS[spanOf(filters)]).toISOString();
  const reasons = reasonsOf(filters);
  if (from === undefined || reasons.length === 0 || appId === undefined) return undefined;
  return {
    ...{ appId, from, to: (custom ? filters.to : undefined) ?? new Date(nowMs).toISOString() },
    ...{ status: ['failed', 'expired'], reasons: [...reasons] },
    ...(provider !== undefined && { providers: [provider] }),
    ...((channel === 'push' || channel === 'sms') && { channel }),
  };
}

export const leftOutWord = (why: string): string => words.replay.leftOutOf[why] ?? why;
