import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { ErrorBoundary } from '../parts/error-boundary.js';
import { Icon } from '../parts/icon.js';
import { Toasts } from '../parts/toasts.js';
import { words } from '../words.js';
import { NAVIGATION } from './navigation.js';
import styles from './shell.module.css';

/** What surrounds every page. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const [path] = useLocation();
  return (
    <div className={styles.shell}>
      <a href="#main" className={styles.skip}>
        {words.shell.skip}
      </a>
      <nav className={styles.navigation} aria-label={words.shell.navigation}>
        <ul>
          {NAVIGATION.map(({ href, icon, label }) => (
            <li key={href}>
              <Link href={href} aria-current={path === href ? 'page' : undefined}>
                <Icon name={icon} />
                {label}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <main id="main" tabIndex={-1} className={styles.main}>
        <ErrorBoundary resetKey={path}>{children}</ErrorBoundary>
      </main>
      <Toasts />
    </div>
  );
}
