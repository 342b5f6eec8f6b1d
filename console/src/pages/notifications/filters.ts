import { useFilters } from '../../api/filters.js';
import { useAppId } from '../../api/app-choice.js';
import { pageHref } from '../../api/page-href.js';
import type { paths } from '../../api/schema.js';
import { SPAN_MS, SPAN_NAMES } from '../../api/span.js';

/** Filters that the API knows, by the same names. */
const API_FILTERS = [
  ...(['status', 'kind', 'channel', 'uid', 'tag', 'reason', 'provider', 'outcome'] as const),
  ...(['source', 'sessionId', 'slowerThanMs', 'hasDuplicate', 'replayId', 'from', 'to'] as const),
] as const;
/** All parameters of the page's URL but the app and the place in the list. */
export const FILTERS = [...API_FILTERS, 'span'] as const;
export type FilterName = (typeof FILTERS)[number];
export type Filters = Partial<Record<FilterName, string>>;

/** The query of the list without its page. */
export type ListQuery = NonNullable<paths['/v1/notifications']['get']['parameters']['query']>;

/** The filters in the URL; a change leads to the newest page. */
export function useListFilters(): {
  readonly filters: Filters;
  readonly appId: string | undefined;
  readonly change: (changes: Partial<Record<FilterName, string | undefined>>) => void;
} {
  const [filters, changeAll] = useFilters([...FILTERS, 'cursor']);
  const appId = useAppId();
  const { cursor: _, ...others } = filters;
  return { filters: others, appId, change: (changes) => changeAll({ ...changes, cursor: undefined }) };
}

/**
 * The filters as a query of the API. Values that the URL holds wrongly are passed on: the API says what is wrong.
 *
 * @param nowMs the end of `span`
 */
export function listQuery(filters: Filters, appId: string | undefined, nowMs: number): ListQuery {
  const { span, slowerThanMs, hasDuplicate, ...others } = filters;
  const length = lengthOf(span);
  const from = length === undefined ? {} : { from: new Date(nowMs - length).toISOString() };
  return {
    ...(appId !== undefined && { appId }),
    ...(slowerThanMs !== undefined && { slowerThanMs: Number(slowerThanMs) }),
    ...(hasDuplicate !== undefined && { hasDuplicate: hasDuplicate as unknown as boolean }),
    ...from,
    ...(others as Omit<ListQuery, 'slowerThanMs' | 'hasDuplicate'>),
  };
}

/** Length of the span with this name in ms; undefined: there is none. */
export const lengthOf = (span: string | undefined): number | undefined => {
  const name = SPAN_NAMES.find((one) => one === span);
  return name && SPAN_MS[name];
};

/** The address of the list with these filters. */
export const listHref = (filters: Filters, appId: string | undefined): string =>
  pageHref('/notifications', appId, filters);

/** Whether two sets of filters are the same. */
export const areSame = (one: Filters, other: Filters): boolean =>
  FILTERS.every((name) => one[name] === other[name]);

export const SAVED_VIEWS = {
  all: {},
  failed: { status: 'failed', span: '1h' },
  noDevice: { status: 'skipped', reason: 'no_device' },
  lateRings: { kind: 'call', slowerThanMs: '1000', span: '24h' },
} as const satisfies Readonly<Record<string, Filters>>;
