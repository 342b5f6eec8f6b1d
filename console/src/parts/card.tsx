import { useId, type ComponentProps, type ReactNode } from 'react';
import styles from './card.module.css';

interface CardProps extends Omit<ComponentProps<'article'>, 'className' | 'aria-labelledby'> {
  readonly heading: string;
  /** Labels or a button beside the heading. */
  readonly aside?: ReactNode;
  /** Buttons at the end. */
  readonly actions?: ReactNode;
  /** The page was opened for it. */
  readonly isMarked?: boolean;
}

/** One of several things of a kind, with an `h3`. */
export function Card({ heading, aside, actions, isMarked, children, ...rest }: CardProps) {
  const id = useId();
  return (
    <article {...rest} className={styles.card} aria-labelledby={id} data-marked={isMarked}>
      <header className={styles.head}>
        <h3 id={id} dir="auto">
          {heading}
        </h3>
        {aside}
      </header>
      {children}
      {actions !== undefined && actions !== false && <footer className={styles.actions}>{actions}</footer>}
    </article>
  );
}

interface CardsProps {
  /** Least width of a card, in rem. */
  readonly width: number;
  readonly children: ReactNode;
}

/** Cards side by side, as many as fit. */
export function Cards({ width, children }: CardsProps) {
  const gridTemplateColumns = `repeat(auto-fill, minmax(min(${width}rem, 100%), 1fr))`;
  return (
    <div className={styles.cards} style={{ gridTemplateColumns }}>
      {children}
    </div>
  );
}
