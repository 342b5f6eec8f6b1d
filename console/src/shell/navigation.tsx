import { Link } from 'wouter';
import { useAppId } from '../api/app-choice.js';
import { Icon, type IconName } from '../parts/icon.js';
import { words } from '../words.js';
import { pageHref } from '../api/page-href.js';
import styles from './navigation.module.css';

interface NavigationItem {
  readonly href: string;
  readonly icon: IconName;
  readonly label: string;
}

/** The pages, in groups: what happens, what carries it, and how it is set up. */
const GROUPS: readonly (readonly NavigationItem[])[] = [
  [
    { href: '/', icon: 'overview', label: words.pages.overview },
    { href: '/notifications', icon: 'list', label: words.pages.notifications },
    { href: '/people', icon: 'user', label: words.pages.people },
    { href: '/phones', icon: 'phone', label: words.pages.phones },
  ],
  [
    { href: '/providers', icon: 'providers', label: words.pages.providers },
    { href: '/queue-state', icon: 'queues', label: words.pages.queues },
    { href: '/replay', icon: 'replay', label: words.pages.replay },
    { href: '/spend', icon: 'spend', label: words.pages.spend },
  ],
  [
    { href: '/rules', icon: 'rules', label: words.pages.rules },
    { href: '/audit', icon: 'audit', label: words.pages.audit },
    { href: '/settings', icon: 'settings', label: words.pages.settings },
  ],
];

/** @param path the page that is shown */
export function Navigation({ path }: { readonly path: string }) {
  const appId = useAppId();
  return (
    <nav aria-label={words.shell.navigation}>
      {GROUPS.map((items) => (
        <ul key={items[0]?.href} className={styles.group}>
          {items.map(({ href, icon, label }) => (
            <li key={href}>
              <Link href={pageHref(href, appId)} className={styles.link} aria-current={currentOf(path, href)}>
                <Icon name={icon} />
                {label}
              </Link>
            </li>
          ))}
        </ul>
      ))}
    </nav>
  );
}

/** A page below another one belongs to it. */
function currentOf(path: string, href: string): 'page' | 'true' | undefined {
  if (path === href) return 'page';
  return href !== '/' && path.startsWith(`${href}/`) ? 'true' : undefined;
}
