import { useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Dto } from './client.js';

export type Story = Dto<'NotificationStoryDto'>;

/** Interval while a delivery may still be sent or a call rings, in ms. */
const UNSETTLED_MS = 2_000;
/** Interval while a delivery report may come, and how long it is waited for, in ms. */
const REPORTS_MS = 10_000;
const REPORTS_FOR_MS = 600_000;

/** First part of the key of a story. */
export const STORIES = ['notifications', 'story'] as const;

/**
 * A notification with its story; it is asked for again as long as it goes on.
 *
 * @param unsettledMs interval until it is settled
 */
export function useStory(id: string, unsettledMs = UNSETTLED_MS) {
  return useQuery({
    queryKey: [...STORIES, id],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET('/v1/notifications/{notificationId}', { params: { path: { notificationId: id } }, signal }),
      ),
    // It may have been repeated since the page was left.
    staleTime: 0,
    refetchInterval: ({ state }) => intervalOf(state.data, unsettledMs),
  });
}

function intervalOf(story: Story | undefined, unsettledMs: number): number | false {
  if (!story || story.settledAt === null || story.call?.state === 'ringing') return unsettledMs;
  const isRecent = Date.now() - Date.parse(story.settledAt) < REPORTS_FOR_MS;
  return story.status === 'sent' && isRecent ? REPORTS_MS : false;
}
