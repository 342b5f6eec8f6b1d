import { useState } from 'react';
import { ConfirmDialog } from '../../parts/dialog.js';
import { Field } from '../../parts/field.js';
import { toast } from '../../parts/toast-list.js';
import { words } from '../../words.js';

interface ReasonDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly text: string;
  /** The verb on the button. */
  readonly action: string;
  /** Said when it has succeeded. */
  readonly done: string;
  readonly isDanger?: boolean;
  readonly onConfirm: (reason: string) => Promise<unknown>;
}

const LONGEST_REASON = 200;

/** Asks before a change, and for its reason. */
export function ReasonDialog({ onConfirm, onClose, text, done, ...rest }: ReasonDialogProps) {
  const [reason, setReason] = useState('');
  const close = () => {
    setReason('');
    onClose();
  };
  const confirm = async () => {
    await onConfirm(reason.trim());
    toast.done(done);
  };
  return (
    <ConfirmDialog
      {...rest}
      description={text}
      onClose={close}
      isIncomplete={reason.trim() === ''}
      onConfirm={confirm}
    >
      <Field label={words.person.reason} hint={words.person.reasonHint}>
        {(control) => (
          <input
            {...control}
            required
            maxLength={LONGEST_REASON}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
    </ConfirmDialog>
  );
}
