import { Link } from 'wouter';
import { words } from '../../words.js';
import { areSame, listHref, SAVED_VIEWS, type Filters } from './filters.js';
import styles from './notifications.module.css';

interface SavedViewsProps {
  readonly filters: Filters;
  readonly appId: string | undefined;
}

/** Filters that are often needed. */
export function SavedViews({ filters, appId }: SavedViewsProps) {
  return (
    <nav aria-label={words.notifications.viewsLabel}>
      <ul className={styles.views}>
        {(Object.keys(SAVED_VIEWS) as (keyof typeof SAVED_VIEWS)[]).map((name) => (
          <li key={name}>
            <Link
              href={listHref(SAVED_VIEWS[name], appId)}
              className={styles.view}
              aria-current={areSame(filters, SAVED_VIEWS[name]) ? 'true' : undefined}
            >
              {words.notifications.views[name]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
