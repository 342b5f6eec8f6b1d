import { CopyButton } from './copy-button.js';
import styles from './copyable.module.css';

interface CopyableProps {
  readonly text: string;
  /** Ends the name of the button: "the delivery’s id". */
  readonly what: string;
}

/** An id or address with a button that copies it. */
export function Copyable({ text, what }: CopyableProps) {
  return (
    <span className={styles.copyable}>
      <code>{text}</code>
      <CopyButton text={text} what={what} />
    </span>
  );
}
