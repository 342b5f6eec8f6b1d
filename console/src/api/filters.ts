import { useMemo } from 'react';
import { useSearchParams } from 'wouter';

type Filters<Name extends string> = Partial<Record<Name, string>>;

/**
 * Filters that live in the URL, so that a link restores them.
 *
 * @param names the parameters of this page; others are kept as they are
 * @returns the filters that are set, and a function that changes some: an empty string or undefined removes one
 */
export function useFilters<const Name extends string>(
  names: readonly Name[],
): [Filters<Name>, (changes: Partial<Record<Name, string | undefined>>) => void] {
  const [params, setParams] = useSearchParams();
  const key = names.join(' ');
  const filters = useMemo(() => {
    const found: Filters<Name> = {};
    for (const name of key.split(' ') as Name[]) {
      const value = params.get(name);
      if (value !== null && value !== '') found[name] = value;
    }
    return found;
  }, [key, params]);
  const change = (changes: Partial<Record<Name, string | undefined>>) =>
    setParams((previous) => {
      const next = new URLSearchParams(previous);
      for (const [name, value] of Object.entries<string | undefined>(changes))
        if (value === undefined || value === '') next.delete(name);
        else next.set(name, value);
      return next;
    });
  return [filters, change];
}
