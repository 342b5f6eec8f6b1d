import { useLocation, useSearch } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { Button } from '../../parts/button.js';
import { Time } from '../../parts/time.js';
import { words } from '../../words.js';
import type { Page } from './queries.js';
import styles from './notifications.module.css';

/** Pages that the reader came from, newest first page first; kept by the browser with the address. */
interface Trail {
  readonly cursors: readonly string[];
}

const FIRST = '';

interface PagerProps {
  readonly page: Page;
  readonly cursor: string | undefined;
}

/** Leads to older and newer pages, and says how far back the ledger was searched. */
export function Pager({ page: { data, nextCursor, scannedTo }, cursor }: PagerProps) {
  const [path, navigate] = useLocation();
  const search = useSearch();
  const trail = trailOf(useHistoryState<unknown>());
  const go = (to: string, cursors: readonly string[]) => {
    const params = new URLSearchParams(search);
    if (to === FIRST) params.delete('cursor');
    else params.set('cursor', to);
    const query = params.toString();
    navigate(query === '' ? path : `${path}?${query}`, { state: { cursors } satisfies Trail });
  };
  const newer = trail.at(-1);
  return (
    <nav className={styles.pager} aria-label={words.notifications.pages}>
      <p className={styles.reach}>
        {scannedTo === null ? (
          words.notifications.complete
        ) : (
          <>
            {words.notifications.lookedBackTo} <Time at={scannedTo} />.
          </>
        )}
      </p>
      {cursor !== undefined && <Button onClick={() => go(FIRST, [])}>{words.notifications.newest}</Button>}
      {cursor !== undefined && newer !== undefined && newer !== FIRST && (
        <Button onClick={() => go(newer, trail.slice(0, -1))}>{words.notifications.newer}</Button>
      )}
      {nextCursor !== null && (
        <Button onClick={() => go(nextCursor, [...trail, cursor ?? FIRST])}>
          {data.length === 0 ? words.notifications.further : words.notifications.older}
        </Button>
      )}
    </nav>
  );
}

function trailOf(state: unknown): readonly string[] {
  if (typeof state !== 'object' || state === null || !('cursors' in state)) return [];
  return Array.isArray(state.cursors) ? state.cursors.filter((one) => typeof one === 'string') : [];
}
