import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, bodyOf } from '../../api/client.js';
import type { Story } from '../../api/story.js';

export type Delivery = Story['deliveries'][number];
export type Attempt = Delivery['attempts'][number];
export type StoryEvent = Story['timeline'][number];

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

/** The content, which the gateway may show as lengths only. Each request is on record, so it is made only when asked for. */
export function useContent(id: string) {
  return useMutation({
    mutationFn: () =>
      bodyOf(
        api.GET('/v1/notifications/{notificationId}/content', { params: { path: { notificationId: id } } }),
      ),
  });
}
