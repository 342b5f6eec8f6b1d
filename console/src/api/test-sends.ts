import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, bodyOf, type Dto } from './client.js';

export type TestKind = Dto<'TestRequestDto'>['kind'];
export type TestAnswer = Dto<'TestAnswerDto'>;

/** To one device, or to a user: to all devices, or to the number. */
export type TestTarget = { readonly appId: string } & (
  | { readonly deviceId: string; readonly uid?: undefined }
  | { readonly uid: string; readonly deviceId?: undefined }
);

/** Sends a test and waits for the vendor's answer, up to 15 s. */
export function useTestSend() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ kind, target }: { readonly kind: TestKind; readonly target: TestTarget }) => {
      const { appId, deviceId, uid } = target;
      const to = deviceId === undefined ? { uid } : { deviceId };
      return bodyOf(api.POST('/v1/tests', { body: { appId, kind, ...to } }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['person'] }),
  });
}
