import { useEffect, type ReactNode } from 'react';
import { words } from '../words.js';
import { Buttons } from './button.js';
import styles from './page.module.css';

interface PageProps {
  /** Also the title of the tab. */
  readonly heading: string;
  /** A sentence or facts below the heading. */
  readonly intro?: ReactNode;
  /** Buttons beside the heading. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of a page: its only `h1`, its actions and its content. */
export function Page({ heading, intro, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${heading} · ${words.product}`;
  }, [heading]);
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1 tabIndex={-1}>{heading}</h1>
        {actions !== undefined && <Buttons>{actions}</Buttons>}
        {intro !== undefined && <div className={styles.intro}>{intro}</div>}
      </header>
      {children}
    </div>
  );
}

interface SectionProps {
  readonly heading: string;
  readonly actions?: ReactNode;
  /** On a surface with a frame. */
  readonly isPanel?: boolean;
  readonly children: ReactNode;
}

/** A part of a page with an `h2`. */
export function Section({ heading, actions, isPanel = false, children }: SectionProps) {
  return (
    <section className={isPanel ? styles.panel : styles.section}>
      <div className={styles.head}>
        <h2>{heading}</h2>
        {actions !== undefined && <Buttons>{actions}</Buttons>}
      </div>
      {children}
    </section>
  );
}
