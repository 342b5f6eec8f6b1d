import styles from './json.module.css';

interface JsonProps {
  readonly value: unknown;
  /** Its name for screen readers. */
  readonly label: string;
}

/** Indented JSON in a frame that scrolls. */
export function Json({ value, label }: JsonProps) {
  return (
    <pre className={styles.json} tabIndex={0} dir="auto" role="group" aria-label={label}>
      {JSON.stringify(value, null, 2)}
    </pre>
  );
}
