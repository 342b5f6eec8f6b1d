import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Dto } from '../../api/client.js';
import type { LiveState } from '../../api/event-hub.js';
import { refetchWhile } from '../../api/events.js';
import { listQuery, type Filters, type ListQuery } from './filters.js';

export type Row = Dto<'NotificationDto'>;
export type Page = Dto<'NotificationPageDto'>;

/** Rows of a page. */
const PAGE = 50;

export const pageKey = (filters: Filters, appId: string | undefined, cursor: string | undefined) =>
  ['notifications', 'list', { filters, appId, cursor }] as const;

/** One page of the list. It is asked for again only on request, so that its rows stay where they are. */
export function useNotifications(filters: Filters, appId: string | undefined, cursor: string | undefined) {
  return useQuery({
    queryKey: pageKey(filters, appId, cursor),
    queryFn: ({ signal }) => readPage(listQuery(filters, appId, Date.now()), { cursor, limit: PAGE, signal }),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

/**
 * The newest page beside the shown one: asked for once that is there and events arrive, as some came before them, and from
 * time to time if none do.
 */
export function useNewest(filters: Filters, appId: string | undefined, live: LiveState, isOff: boolean) {
  return useQuery({
    queryKey: ['notifications', 'newest', { filters, appId }],
    queryFn: ({ signal }) => readPage(listQuery(filters, appId, Date.now()), { limit: PAGE, signal }),
    enabled: !isOff && live !== 'connecting',
    refetchInterval: refetchWhile(live),
    staleTime: 0,
  });
}

interface PagePlace {
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly signal: AbortSignal;
}

export function readPage(query: ListQuery, { cursor, limit, signal }: PagePlace): Promise<Page> {
  const page = { limit, ...(cursor !== undefined && { cursor }) };
  return bodyOf(api.GET('/v1/notifications', { params: { query: { ...query, ...page } }, signal }));
}

export type Inquiry = Dto<'InquiryDto'>;

interface Question {
  readonly appId: string;
  readonly uid?: string;
  readonly messageId?: string;
}

/** Asks CometChat about a user or a message. */
export function useInquiry() {
  return useMutation({
    mutationFn: (query: Question) => bodyOf(api.GET('/v1/cometchat/logs', { params: { query } })),
  });
}
