import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Failure, Loading } from './notice.js';

interface QueryViewProps<T> {
  readonly query: UseQueryResult<T>;
  /** Rows that are expected, so that nothing jumps. */
  readonly rows?: number;
  readonly failure?: string;
  readonly children: (data: T) => ReactNode;
}

/** The data of a query; until then its place, and its failure with a retry. Old data stays beside a failure. */
export function QueryView<T>({ query, rows, failure, children }: QueryViewProps<T>) {
  const shown = query.data === undefined ? undefined : children(query.data);
  return (
    <>
      {query.isError && (
        <Failure
          error={query.error}
          {...(failure !== undefined && { title: failure })}
          onRetry={query.refetch}
        />
      )}
      {shown ?? (query.isPending && <Loading {...(rows !== undefined && { rows })} />)}
    </>
  );
}
