import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, bodyOf, type Dto } from '../../api/client.js';

export type Story = Dto<'NotificationStoryDto'>;
export type Delivery = Story['deliveries'][number];
export type Attempt = Delivery['attempts'][number];
export type StoryEvent = Story['timeline'][number];
export type TestAnswer = Dto<'TestAnswerDto'>;
export type TestKind = 'chat' | 'call' | 'sms';

/** Interval while a delivery may still be sent or a call rings, in ms. */
const UNSETTLED_MS = 2_000;
/** Interval while a delivery report may come, and how long it is waited for, in ms. */
const REPORTS_MS = 10_000;
const REPORTS_FOR_MS = 600_000;

/** A notification with its story; it is asked for again as long as it goes on. */
export function useStory(id: string) {
  return useQuery({
    queryKey: ['notifications', 'story', id],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET('/v1/notifications/{notificationId}', { params: { path: { notificationId: id } }, signal }),
      ),
    refetchInterval: ({ state }) => intervalOf(state.data),
  });
}

function intervalOf(story: Story | undefined): number | false {
  if (!story) return false;
  if (story.settledAt === null || story.call?.state === 'ringing') return UNSETTLED_MS;
  const isRecent = Date.now() - Date.parse(story.settledAt) < REPORTS_FOR_MS;
  return story.status === 'sent' && isRecent ? REPORTS_MS : false;
}

/** Sends the notification again. @returns the id of the new one */
export function useResend(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (deviceId: string | undefined) => {
      const path = '/v1/notifications/{notificationId}/resend';
      const body = deviceId === undefined ? {} : { deviceId };
      const answer = await bodyOf(api.POST(path, { params: { path: { notificationId: id } }, body }));
      return answer.notificationId;
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['notifications'] }),
  });
}

interface TestTarget {
  readonly appId: string;
  readonly deviceId?: string;
  readonly uid?: string;
}

/** Sends a test and waits for the vendor's word. */
export function useTestSend(target: TestTarget) {
  return useMutation({
    mutationFn: (kind: TestKind) => bodyOf(api.POST('/v1/tests', { body: { ...target, kind } })),
  });
}

/** The content, which the gateway may show as lengths only. Each request is on record, so it is made only when asked for. */
export function useContent(id: string) {
  return useMutation({
    mutationFn: () =>
      bodyOf(
        api.GET('/v1/notifications/{notificationId}/content', { params: { path: { notificationId: id } } }),
      ),
  });
}
