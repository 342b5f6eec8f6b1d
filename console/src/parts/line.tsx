import type { ReactNode } from 'react';
import styles from './line.module.css';

/** Labels, texts and links in a row that wraps. */
export function Line({ children }: { readonly children: ReactNode }) {
  return <div className={styles.line}>{children}</div>;
}
