import { useId, useState, type ReactNode } from 'react';
import { words } from '../words.js';
import { Button, Buttons, IconButton } from './button.js';
import { DialogElement } from './dialog-element.js';
import { Failure } from './notice.js';
import styles from './dialog.module.css';

interface DialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: ReactNode;
  /** Buttons at the end; the main one last. */
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

/** A dialog over the page. Escape closes it, and the focus returns to where it was. */
export function Dialog({ isOpen, onClose, title, description, actions, children }: DialogProps) {
  const id = useId();
  if (!isOpen) return null;
  const describedBy = description === undefined ? undefined : `${id}-description`;
  return (
    <DialogElement
      className={styles.dialog}
      onClose={onClose}
      labelledBy={`${id}-title`}
      describedBy={describedBy}
    >
      <div className={styles.content}>
        <div className={styles.head}>
          <h2 id={`${id}-title`} className={styles.title}>
            {title}
          </h2>
          <IconButton icon="cross" label={words.common.close} onClick={onClose} />
        </div>
        {description !== undefined && (
          <div id={describedBy} className="quiet">
            {description}
          </div>
        )}
        {children}
        {actions !== undefined && <Buttons at="end">{actions}</Buttons>}
      </div>
    </DialogElement>
  );
}

interface ConfirmDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** A question: "Release the breaker?" */
  readonly title: string;
  /** The consequence. */
  readonly description: ReactNode;
  /** The verb on the button: "Release". */
  readonly action: string;
  readonly isDanger?: boolean;
  /** A field lacks what is needed. */
  readonly isIncomplete?: boolean;
  /** Closes the dialog when it succeeds; its failure is shown. */
  readonly onConfirm: () => Promise<unknown>;
  /** Fields, such as one for the reason. */
  readonly children?: ReactNode;
}

/** Asks before something is done. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { isOpen, onClose, title, description, action, isDanger = false, onConfirm, children } = props;
  const { isIncomplete = false } = props;
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const close = () => {
    setError(undefined);
    onClose();
  };
  const confirm = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await onConfirm();
      close();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const actions = (
    <>
      <Button onClick={close}>{words.common.cancel}</Button>
      <Button
        look={isDanger ? 'danger' : 'main'}
        isBusy={isBusy}
        disabled={isIncomplete}
        onClick={() => void confirm()}
      >
        {action}
      </Button>
    </>
  );
  return (
    <Dialog isOpen={isOpen} onClose={close} title={title} description={description} actions={actions}>
      {children}
      {error !== undefined && <Failure error={error} />}
    </Dialog>
  );
}
