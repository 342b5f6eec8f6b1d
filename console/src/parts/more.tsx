import type { ComponentProps } from 'react';
import styles from './more.module.css';

interface MoreProps extends Omit<ComponentProps<'details'>, 'className'> {
  /** Its heading, which opens it. */
  readonly label: string;
}

/** Details that most readers do not need. */
export function More({ label, children, ...rest }: MoreProps) {
  return (
    <details {...rest} className={styles.more}>
      <summary>{label}</summary>
      {children}
    </details>
  );
}
