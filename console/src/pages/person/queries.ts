import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { apiErrorOf } from '../../api/api-error.js';
import { api, bodyOf, type Dto } from '../../api/client.js';
import type { TestKind } from '../../api/test-sends.js';
import { saveFile } from '../../parts/save-file.js';

export type User = Dto<'UserDto'>;
export type UserDevice = Dto<'UserDeviceDto'>;
export type RetiredDevice = Dto<'UserRetiredDeviceDto'>;
export type OptOut = Dto<'OptOutDto'>;
export type Plan = Dto<'PlanPreviewDto'>;
export type Notification = Dto<'NotificationDto'>;
export type SampleKind = TestKind;

/** The person of the page. */
export interface PersonKey {
  readonly appId: string;
  readonly uid: string;
}

/** The first element of every key of this page, so that a change refreshes all of them. */
const RESOURCE = 'person';
const SHOWN_NOTIFICATIONS = 50;

const keyOf = ({ appId, uid }: PersonKey, part: string) => [RESOURCE, appId, uid, part];
const params = ({ appId, uid }: PersonKey) => ({ path: { uid }, query: { appId } });

export function usePerson(person: PersonKey) {
  return useQuery({
    queryKey: keyOf(person, 'overview'),
    queryFn: ({ signal }) => bodyOf(api.GET('/v1/users/{uid}', { params: params(person), signal })),
  });
}

export function usePlan(person: PersonKey, kind: SampleKind) {
  const { appId, uid } = person;
  return useQuery({
    queryKey: [...keyOf(person, 'plan'), kind],
    queryFn: ({ signal }) =>
      bodyOf(
        api.GET('/v1/users/{uid}/plan', {
          params: { path: { uid }, query: { appId, kind } },
          signal,
        }),
      ),
  });
}

export function useLastNotifications(person: PersonKey) {
  const query = { ...person, limit: SHOWN_NOTIFICATIONS };
  return useQuery({
    queryKey: keyOf(person, 'notifications'),
    queryFn: ({ signal }) => bodyOf(api.GET('/v1/notifications', { params: { query }, signal })),
  });
}

/** A change of the person; everything of them is read again when it has succeeded. */
function useChange<Input>(change: (input: Input) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: [RESOURCE] }),
  });
}

interface DeviceCare {
  readonly deviceId: string;
  readonly what: 'retire' | 'restore';
  readonly reason: string;
}

export function useDeviceCare({ appId, uid }: PersonKey) {
  return useChange(({ deviceId, what, reason }: DeviceCare) =>
    api.POST(`/v1/users/{uid}/devices/{deviceId}/${what}`, {
      params: { path: { uid, deviceId }, query: { appId } },
      body: { reason },
    }),
  );
}

export function useSetContact(person: PersonKey) {
  return useChange((body: Dto<'PutContactDto'>) =>
    api.PUT('/v1/users/{uid}/contact', { params: params(person), body }),
  );
}

export function useRemoveContact(person: PersonKey) {
  return useChange(() => api.DELETE('/v1/users/{uid}/contact', { params: params(person) }));
}

export function useLiftOptOut(person: PersonKey) {
  return useChange((body: Dto<'LiftUserOptOutDto'>) =>
    api.POST('/v1/users/{uid}/opt-outs/lift', { params: params(person), body }),
  );
}

export function useErase(person: PersonKey) {
  return useChange(() => api.DELETE('/v1/users/{uid}', { params: params(person) }));
}

const exportPath = ({ appId, uid }: PersonKey) =>
  `/v1/users/${encodeURIComponent(uid)}/export?appId=${encodeURIComponent(appId)}`;

/** Reads the whole document first, so that a failure can be shown, and then saves it as a file. */
export function useExport(person: PersonKey) {
  return useMutation({
    mutationFn: async () => {
      const response = await fetch(exportPath(person), { credentials: 'same-origin' });
      if (!response.ok) throw await apiErrorOf(response);
      saveFile(await response.blob(), `${fileNameOf(person.uid)}.json`);
    },
  });
}

const fileNameOf = (uid: string): string => uid.replaceAll(/[^\p{L}\p{N}._-]+/gu, '_').slice(0, 100);
