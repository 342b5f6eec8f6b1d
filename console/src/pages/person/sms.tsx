import { useState } from 'react';
import { useMayChange } from '../../api/session.js';
import { Button } from '../../parts/button.js';
import { ConfirmDialog } from '../../parts/dialog.js';
import { Facts } from '../../parts/facts.js';
import { Section } from '../../parts/page.js';
import { TestDialog } from '../../parts/test-dialog.js';
import { Time } from '../../parts/time.js';
import { toast } from '../../parts/toast-list.js';
import { words } from '../../words.js';
import { ContactDialog } from './contact-dialog.js';
import { OptOutTable } from './opt-out-table.js';
import { useRemoveContact, type PersonKey, type User } from './queries.js';

interface SmsProps {
  readonly person: PersonKey;
  readonly user: User;
}

/** The number, and whether it opted out. */
export function Sms({ person, user: { contact, optOuts } }: SmsProps) {
  const [open, setOpen] = useState<'set' | 'remove' | 'test'>();
  const mayChange = useMayChange();
  const remove = useRemoveContact(person);
  const close = () => setOpen(undefined);
  const text = words.person.contact;
  const actions = mayChange && (
    <>
      {contact && <Button onClick={() => setOpen('test')}>{words.test.smsButton}</Button>}
      <Button onClick={() => setOpen('set')}>{contact ? text.edit : text.set}</Button>
      {contact && <Button onClick={() => setOpen('remove')}>{text.remove}</Button>}
    </>
  );
  return (
    <Section heading={words.person.sms} isPanel actions={actions}>
      {contact ? (
        <Facts
          facts={[
            [text.number, contact.phno],
            [text.name, contact.name],
            [text.changed, <Time key="at" at={contact.updatedAt} />],
          ]}
        />
      ) : (
        <p className="quiet">{text.none}</p>
      )}
      <OptOutTable person={person} optOuts={optOuts} />
      {open === 'set' && <ContactDialog person={person} name={contact?.name ?? ''} onClose={close} />}
      {open === 'test' && (
        <TestDialog
          description={words.test.smsTo(contact?.phno ?? '')}
          kinds={['sms']}
          target={person}
          onClose={close}
        />
      )}
      <ConfirmDialog
        isOpen={open === 'remove'}
        onClose={close}
        title={text.removeTitle}
        description={text.removeText}
        action={text.removeAction}
        isDanger
        onConfirm={async () => {
          await remove.mutateAsync(undefined);
          toast.done(text.removeDone);
        }}
      />
    </Section>
  );
}
