import { CopyButton } from '../../parts/copy-button.js';
import styles from './notification.module.css';

interface CopyableIdProps {
  readonly id: string;
  /** Ends the name of the button: "the delivery’s id". */
  readonly what: string;
}

/** An id with a button that copies it. */
export function CopyableId({ id, what }: CopyableIdProps) {
  return (
    <span className={styles.copyable}>
      <code>{id}</code>
      <CopyButton text={id} what={what} />
    </span>
  );
}
