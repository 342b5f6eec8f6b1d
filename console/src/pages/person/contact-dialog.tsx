import { useState } from 'react';
import { ApiError } from '../../api/api-error.js';
import { Button, Buttons } from '../../parts/button.js';
import { Dialog } from '../../parts/dialog.js';
import { Field } from '../../parts/field.js';
import { Form } from '../../parts/form.js';
import { Failure } from '../../parts/notice.js';
import { toast } from '../../parts/toast-list.js';
import { words } from '../../words.js';
import { useSetContact, type PersonKey } from './queries.js';

interface ContactDialogProps {
  readonly person: PersonKey;
  /** The name that is stored. */
  readonly name: string;
  readonly onClose: () => void;
}

/** Sets the number, which is typed in full: the stored one is not shown. */
export function ContactDialog({ person, name: stored, onClose }: ContactDialogProps) {
  const [phno, setPhno] = useState('');
  const [name, setName] = useState(stored);
  const { mutate, error, isPending } = useSetContact(person);
  const text = words.person.contact;
  const submit = () => {
    const onSuccess = () => {
      toast.done(text.setDone);
      onClose();
    };
    mutate({ phno, ...(name !== '' && { name }) }, { onSuccess });
  };
  const isOfField = error instanceof ApiError && error.errors.length > 0;
  return (
    <Dialog isOpen onClose={onClose} title={text.setTitle} description={text.setText}>
      <Form onSubmit={submit}>
        <Field label={text.number} hint={text.numberHint} error={error} path="phno">
          {(control) => (
            <input
              {...control}
              type="tel"
              autoComplete="off"
              required
              maxLength={64}
              value={phno}
              onChange={(event) => setPhno(event.target.value)}
            />
          )}
        </Field>
        <Field label={text.name} hint={text.nameHint} error={error} path="name">
          {(control) => (
            <input
              {...control}
              autoComplete="off"
              maxLength={100}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        {error && !isOfField && <Failure error={error} />}
        <Buttons at="end">
          <Button onClick={onClose}>{words.common.cancel}</Button>
          <Button type="submit" look="main" isBusy={isPending}>
            {words.common.save}
          </Button>
        </Buttons>
      </Form>
    </Dialog>
  );
}
