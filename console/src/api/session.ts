import { useQuery, type Query } from '@tanstack/react-query';
import { ApiError } from './api-error.js';
import { api, bodyOf, type Dto } from './client.js';
import { queryClient } from './query-client.js';

export type Session = Dto<'SessionDto'>;

const KEY = ['session'] as const;
const END_KEY = 'bellhop.session-end';

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
  sessionStorage.removeItem(END_KEY);
  queryClient.setQueryData(KEY, session);
  return session;
}

export async function logOut(): Promise<void> {
  await api.DELETE('/admin/api/session');
  endSession('logged_out');
}

/** Why there is no session any more, as far as this tab knows. */
export type SessionEnd = 'expired' | 'logged_out';

/** Shows the login, and then removes everything that the former user saw: a page that is shown would ask for it again. */
export function endSession(why: SessionEnd): void {
  sessionStorage.setItem(END_KEY, why);
  queryClient.setQueryData(KEY, null);
  setTimeout(() => queryClient.removeQueries({ type: 'inactive', predicate: isOfUser }), 0);
}

const isOfUser = ({ queryKey }: Query): boolean => queryKey[0] !== KEY[0];

export function lastSessionEnd(): SessionEnd | undefined {
  const why = sessionStorage.getItem(END_KEY);
  return why === 'expired' || why === 'logged_out' ? why : undefined;
}

async function readSession(): Promise<Session | null> {
  try {
    return await bodyOf(api.GET('/admin/api/session'));
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    if (error.code === 'AUTH.EXPIRED') sessionStorage.setItem(END_KEY, 'expired' satisfies SessionEnd);
    return null;
  }
}
