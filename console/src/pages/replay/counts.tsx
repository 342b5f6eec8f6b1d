import type { ReactNode } from 'react';
import { formatNumber } from '../../parts/format.js';
import styles from './replay.module.css';

interface CountsProps {
  readonly heading: string;
  readonly lines: readonly (readonly [name: ReactNode, n: number])[];
}

/** Names with their numbers, the numbers aligned. */
export function Counts({ heading, lines }: CountsProps) {
  return (
    <div className={styles.counts}>
      <h3>{heading}</h3>
      <dl>
        {lines.map(([name, n], index) => (
          <div key={index}>
            <dt>{name}</dt>
            <dd>{formatNumber(n)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
