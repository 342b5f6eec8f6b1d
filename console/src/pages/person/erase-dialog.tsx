import { useState } from 'react';
import { ConfirmDialog } from '../../parts/dialog.js';
import { Field } from '../../parts/field.js';
import { toast } from '../../parts/toast-list.js';
import { words } from '../../words.js';
import styles from './person.module.css';
import { useErase, type PersonKey } from './queries.js';

interface EraseDialogProps {
  readonly person: PersonKey;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Erases the person once their uid has been typed. */
export function EraseDialog({ person, isOpen, onClose }: EraseDialogProps) {
  const [typed, setTyped] = useState('');
  const erase = useErase(person);
  const close = () => {
    setTyped('');
    onClose();
  };
  const confirm = async () => {
    await erase.mutateAsync();
    toast.done(words.person.erase.done(person.uid));
  };
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onClose={close}
      title={words.person.erase.title}
      description={<Consequences />}
      action={words.person.erase.action}
      isDanger
      isIncomplete={typed.trim() !== person.uid}
      onConfirm={confirm}
    >
      <Field label={words.person.erase.type(person.uid)}>
        {(control) => (
          <input
            {...control}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
    </ConfirmDialog>
  );
}

const Consequences = () => (
  <span className={styles.consequences}>
    {words.person.erase.does.map((text) => (
      <span key={text}>{text}</span>
    ))}
  </span>
);
