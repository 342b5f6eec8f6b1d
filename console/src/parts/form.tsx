import type { ReactNode } from 'react';
import styles from './form.module.css';

interface FormProps {
  /** Its name, unless the heading above says it. */
  readonly label?: string;
  readonly onSubmit: () => unknown;
  readonly children: ReactNode;
}

/** Fields below each other. Sending them does not leave the page. */
export function Form({ label, onSubmit, children }: FormProps) {
  return (
    <form
      aria-label={label}
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void onSubmit();
      }}
    >
      {children}
    </form>
  );
}

interface AnswerProps {
  readonly isBusy?: boolean;
  readonly children: ReactNode;
}

/** The place where an answer appears; it is read out. */
export function Answer({ isBusy = false, children }: AnswerProps) {
  return (
    <div aria-live="polite" aria-busy={isBusy} className={styles.answer}>
      {children}
    </div>
  );
}
