import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useSearchParams } from 'wouter';
import { api, bodyOf } from './client.js';

const PARAMETER = 'app';
const KEY = 'bellhop.app';

/** The app that the user looks at, from the URL; undefined: all apps. Pages pass it to their queries as `appId`. */
export function useAppId(): string | undefined {
  return useSearchParams()[0].get(PARAMETER) ?? undefined;
}

/** For the app switch: changes the app in the URL, and remembers it while the tab is open. */
export function useChooseApp(): (appId: string | undefined) => void {
  const [, setParams] = useSearchParams();
  return (appId) => {
    if (appId === undefined) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, appId);
    setParams((previous) => {
      const next = new URLSearchParams(previous);
      if (appId === undefined) next.delete(PARAMETER);
      else next.set(PARAMETER, appId);
      return next;
    });
  };
}

/** For the shell: adds the chosen app to the URL of a page that was opened without one. */
export function useKeepApp(): void {
  const [params, setParams] = useSearchParams();
  const inUrl = params.get(PARAMETER);
  useEffect(() => {
    const chosen = sessionStorage.getItem(KEY);
    if (inUrl !== null) sessionStorage.setItem(KEY, inUrl);
    else if (chosen !== null)
      setParams((previous) => new URLSearchParams([...previous, [PARAMETER, chosen]]), { replace: true });
  }, [inUrl, setParams]);
}

/** The ids of the configured apps. */
export function useApps() {
  return useQuery({
    queryKey: ['apps'],
    queryFn: async () => {
      const { data } = await bodyOf(api.GET('/v1/providers'));
      return [...new Set(data.map(({ appId }) => appId))].sort((a, b) => a.localeCompare(b));
    },
    staleTime: 300_000,
  });
}

/** The app that a page about one app shows: the chosen one, or the only one; undefined: the user must choose. */
export function useTheApp(): string | undefined {
  const chosen = useAppId();
  const apps = useApps().data ?? [];
  return chosen ?? (apps.length === 1 ? apps[0] : undefined);
}
