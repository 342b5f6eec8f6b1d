import type { ReactNode } from 'react';
import { useLocation, useSearch } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { words } from '../words.js';
import { Button } from './button.js';
import styles from './pager.module.css';

const text = words.pager;

/** Pages that the reader came from, the newest first; kept by the browser with the address. */
interface Trail {
  readonly cursors: readonly string[];
}

const FIRST = '';

interface PagerProps {
  /** Of the page that is shown, as the URL holds it; undefined: the newest. */
  readonly cursor: string | undefined;
  readonly nextCursor: string | null;
  /** How far back the page reaches. */
  readonly children?: ReactNode;
  /** In place of "Older", if the page is empty. */
  readonly further?: string | undefined;
}

/** Leads to older and newer pages of a list; nothing if there is one page. */
export function Pager({ cursor, nextCursor, children, further = text.older }: PagerProps) {
  const [path, navigate] = useLocation();
  const search = useSearch();
  const trail = trailOf(useHistoryState<unknown>());
  if (cursor === undefined && nextCursor === null && children === undefined) return null;
  const go = (to: string, cursors: readonly string[]) => {
    const params = new URLSearchParams(search);
    if (to === FIRST) params.delete('cursor');
    else params.set('cursor', to);
    const query = params.toString();
    navigate(query === '' ? path : `${path}?${query}`, { state: { cursors } satisfies Trail });
  };
  const newer = trail.at(-1);
  return (
    <nav className={styles.pager} aria-label={text.label}>
      <p className={styles.reach}>{children}</p>
      {cursor !== undefined && <Button onClick={() => go(FIRST, [])}>{text.newest}</Button>}
      {cursor !== undefined && newer !== undefined && newer !== FIRST && (
        <Button onClick={() => go(newer, trail.slice(0, -1))}>{text.newer}</Button>
      )}
      {nextCursor !== null && (
        <Button onClick={() => go(nextCursor, [...trail, cursor ?? FIRST])}>{further}</Button>
      )}
    </nav>
  );
}

function trailOf(state: unknown): readonly string[] {
  if (typeof state !== 'object' || state === null || !('cursors' in state)) return [];
  return Array.isArray(state.cursors) ? state.cursors.filter((one) => typeof one === 'string') : [];
}
