import { useQuery } from '@tanstack/react-query';
import { ApiError } from './api-error.js';
import { api, bodyOf, type Dto } from './client.js';
import { queryClient } from './query-client.js';

export type Session = Dto<'SessionDto'>;

const KEY = ['session'] as const;

/** Who is logged in. `null`: nobody; undefined: not known yet. */
export function useSession() {
  return useQuery({ queryKey: KEY, queryFn: readSession, staleTime: Infinity });
}

/** Whether the user may change anything: a viewer may not. Buttons that change are not shown otherwise. */
export function useMayChange(): boolean {
  return useSession().data?.role === 'operator';
}

export async function logIn(username: string, password: string): Promise<Session> {
  const session = await bodyOf(api.POST('/admin/api/session', { body: { username, password } }));
  queryClient.setQueryData(KEY, session);
  return session;
}

export async function logOut(): Promise<void> {
  await api.DELETE('/admin/api/session');
  forgetSession();
}

/** Removes everything that the former user saw. */
export function forgetSession(): void {
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY[0] });
  queryClient.setQueryData(KEY, null);
}

async function readSession(): Promise<Session | null> {
  try {
    return await bodyOf(api.GET('/admin/api/session'));
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}
