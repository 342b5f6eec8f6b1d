import { useMutation, useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Dto } from '../../api/client.js';

export type Evaluation = Dto<'EvaluationDto'>;
export type Message = Evaluation['messages'][number];
export type EvaluatedRule = Evaluation['rules'][number];
export type Notification = Dto<'NotificationDto'>;
export type Channel = NonNullable<Dto<'EvaluateDto'>['channel']>;

/** An event as its webhook brought it. */
export interface GivenEvent {
  readonly appId: string;
  readonly channel: Channel;
  readonly data: object;
}

const RECENT = 30;

/** The newest notifications, to choose one of them. */
export function useRecent(appId: string | undefined) {
  return useQuery({
    queryKey: ['notifications', 'recent', appId],
    queryFn: async () => {
      const query = { limit: RECENT, ...(appId !== undefined && { appId }) };
      return (await bodyOf(api.GET('/v1/notifications', { params: { query } }))).data;
    },
    // The choice does not move while it is open.
    refetchOnWindowFocus: false,
  });
}

/** Applies the rules to an event; nothing is sent or stored. */
export function useEvaluate() {
  return useMutation({
    mutationFn: (event: GivenEvent | { readonly notificationId: string }): Promise<Evaluation> =>
      bodyOf(api.POST('/v1/rules/evaluate', { body: event as Dto<'EvaluateDto'> })),
  });
}
