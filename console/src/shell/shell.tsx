import { useEffect, useEffectEvent, useRef, useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useAppId, useKeepApp } from '../api/app-choice.js';
import { IconButton } from '../parts/button.js';
import { ErrorBoundary } from '../parts/error-boundary.js';
import { Icon } from '../parts/icon.js';
import { Toasts } from '../parts/toasts.js';
import { words } from '../words.js';
import { Account } from './account.js';
import { AppSwitch } from './app-switch.js';
import { KeysHelp } from './keys-help.js';
import { Navigation } from './navigation.js';
import { SearchBox } from './search-box.js';
import { StatusStrip } from './status-strip.js';
import { pageHref } from '../api/page-href.js';
import styles from './shell.module.css';

const NAVIGATION_ID = 'navigation';
const MAIN_ID = 'main';

/** The frame around every page. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const [path] = useLocation();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const menuButton = useRef<HTMLButtonElement>(null);
  useKeepApp();
  useFocusAfterNavigation(path, () => setMenuOpen(false));
  const closeMenu = () => {
    setMenuOpen(false);
    menuButton.current?.focus();
  };
  return (
    <div className={styles.shell}>
      <a href={`#${MAIN_ID}`} className={styles.skip}>
        {words.shell.skip}
      </a>
      <header className={styles.bar}>
        <div className={styles.menuButton}>
          <IconButton
            ref={menuButton}
            icon={isMenuOpen ? 'cross' : 'menu'}
            label={words.shell.menu}
            aria-expanded={isMenuOpen}
            aria-controls={NAVIGATION_ID}
            onClick={() => setMenuOpen(!isMenuOpen)}
          />
        </div>
        <Brand />
        <SearchBox />
        <AppSwitch />
        <KeysHelp />
      </header>
      <div
        id={NAVIGATION_ID}
        className={styles.side}
        data-open={isMenuOpen}
        onKeyDown={(event) => event.key === 'Escape' && isMenuOpen && closeMenu()}
      >
        <Navigation path={path} />
        <Account />
      </div>
      <div className={styles.content}>
        {path !== '/' && <StatusStrip />}
        <main id={MAIN_ID} tabIndex={-1} className={styles.main}>
          <ErrorBoundary resetKey={path}>{children}</ErrorBoundary>
        </main>
      </div>
      <Toasts />
    </div>
  );
}

function Brand() {
  const appId = useAppId();
  return (
    <Link href={pageHref('/', appId)} className={styles.brand}>
      <Icon name="bell" />
      {words.product}
    </Link>
  );
}

/** A reader of the page hears where a link led, and the keyboard goes on from there. */
function useFocusAfterNavigation(path: string, onNavigation: () => void): void {
  const closeMenu = useEffectEvent(onNavigation);
  const previous = useRef(path);
  useEffect(() => {
    if (previous.current === path) return;
    previous.current = path;
    closeMenu();
    document.getElementById(MAIN_ID)?.focus();
    window.scrollTo(0, 0);
  }, [path]);
}
