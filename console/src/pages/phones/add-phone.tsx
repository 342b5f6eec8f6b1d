import { useState } from 'react';
import { ConfirmDialog } from '../../parts/dialog.js';
import { Field } from '../../parts/field.js';
import { SelectField } from '../../parts/select-field.js';
import { toast } from '../../parts/toast-list.js';
import { words } from '../../words.js';
import { useAddPhones, type Platform } from './queries.js';

const texts = words.phones.add;
const PLATFORMS = ['android', 'ios', 'web', 'sms'] as const satisfies readonly Platform[];

interface AddPhoneProps {
  readonly appId: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Asks whose phone, and which kind. */
export function AddPhone({ appId, isOpen, onClose }: AddPhoneProps) {
  const [uid, setUid] = useState('');
  const [platform, setPlatform] = useState<Platform>('android');
  const add = useAddPhones();
  const confirm = async () => {
    await add.mutateAsync([{ appId, uid, platform }]);
    toast.done(texts.done(uid));
    setUid('');
  };
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onClose={onClose}
      title={texts.title}
      description={texts.text}
      action={texts.action}
      onConfirm={confirm}
    >
      <Field label={texts.uid} error={add.error} path="uid">
        {(control) => (
          <input
            {...control}
            required
            autoComplete="off"
            value={uid}
            onChange={(event) => setUid(event.target.value)}
          />
        )}
      </Field>
      <SelectField
        label={texts.platform}
        options={PLATFORMS.map((one) => [one, texts.platforms[one]] as const)}
        value={platform}
        onChange={setPlatform}
      />
    </ConfirmDialog>
  );
}
