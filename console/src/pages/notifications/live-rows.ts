import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useEvents } from '../../api/events.js';
import { matches, rowsTell } from './matches.js';
import type { Filters } from './filters.js';
import { pageKey, useNewest, type Page, type Row } from './queries.js';

const NOBODY: ReadonlySet<string> = new Set();

/**
 * Follows the newest page: rows that it shows change in their place, and further ones are counted. Older pages stay as
 * they are.
 *
 * @returns the number of further notifications, and a function that shows them
 */
export function useLiveRows(
  filters: Filters,
  appId: string | undefined,
  { page, isNewest }: { readonly page: Page | undefined; readonly isNewest: boolean },
): { readonly newCount: number; readonly show: () => Promise<void> } {
  const client = useQueryClient();
  const listKey = pageKey(filters, appId, undefined);
  const name = JSON.stringify(listKey);
  const [seen, setSeen] = useState({ name, ids: NOBODY });
  const ids = seen.name === name ? seen.ids : NOBODY;
  const newestId = page?.data[0]?.id ?? '';

  const onRow = (row: Row) => {
    if (!page) return;
    if (page.data.some(({ id }) => id === row.id)) {
      client.setQueryData<Page>(
        listKey,
        (shown) => shown && { ...shown, data: shown.data.map((one) => (one.id === row.id ? row : one)) },
      );
    } else if (row.id > newestId && matches(row, filters)) {
      setSeen({ name, ids: new Set([...ids, row.id]) });
    }
  };
  const isOff = !isNewest || !rowsTell(filters);
  const state = useEvents(
    ['notifications'],
    (event, data) => event === 'notification' && onRow(data as Row),
    { appId, isOff },
  );
  const newest = useNewest(filters, appId, state, isOff || !page).data?.data ?? [];
  const all = new Set([...ids, ...newest.map(({ id }) => id)].filter((id) => id > newestId));
  return {
    newCount: isNewest && page ? all.size : 0,
    show: async () => {
      await client.refetchQueries({ queryKey: listKey });
      setSeen({ name, ids: NOBODY });
    },
  };
}
