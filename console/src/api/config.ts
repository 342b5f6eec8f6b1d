import { useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Dto } from './client.js';

export type Config = Dto<'ConfigDto'>;
export type Setting = Config['settings'][number];
export type Partition = Config['partitions'][number];

const KEY = ['config'] as const;

/** The configuration in effect, and the state of the process that answers. */
export function useConfig() {
  return useQuery({ queryKey: KEY, queryFn: readConfig });
}

/** One setting, by its path; undefined: not known yet. It changes with a restart only. */
export function useSetting(path: string): Setting['value'] | undefined {
  const { data } = useQuery({ queryKey: KEY, queryFn: readConfig, staleTime: Infinity });
  return data?.settings.find((setting) => setting.path === path)?.value;
}

const readConfig = ({ signal }: { readonly signal: AbortSignal }) =>
  bodyOf(api.GET('/v1/config', { signal }));
