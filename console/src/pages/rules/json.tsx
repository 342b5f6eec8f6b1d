import styles from './rules.module.css';

interface JsonProps {
  readonly value: unknown;
  /** Its name for screen readers. */
  readonly label: string;
}

/** Indented JSON in a frame that scrolls. */
export function Json({ value, label }: JsonProps) {
  return (
    <pre className={styles.code} tabIndex={0} role="group" aria-label={label}>
      {JSON.stringify(value, null, 2)}
    </pre>
  );
}
