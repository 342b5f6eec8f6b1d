import { useState } from 'react';
import { useTestSend, type TestKind, type TestTarget } from '../api/test-sends.js';
import { words } from '../words.js';
import { Button } from './button.js';
import { Dialog } from './dialog.js';
import { Field } from './field.js';
import { Answer, Form } from './form.js';
import { Failure } from './notice.js';
import { SelectField } from './select-field.js';
import { TestResult } from './test-result.js';

const text = words.test;

interface TestDialogProps {
  /** Where the test goes. */
  readonly description: string;
  /** Kinds to choose from. */
  readonly kinds: readonly TestKind[];
  /** Without a device or user, the dialog asks for a user. */
  readonly target:
    TestTarget | { readonly appId: string; readonly deviceId?: undefined; readonly uid?: undefined };
  readonly onClose: () => void;
}

/** Sends a test and shows what the vendor answers. */
export function TestDialog({ description, kinds, target, onClose }: TestDialogProps) {
  const [kind, setKind] = useState<TestKind>(kinds[0] ?? 'chat');
  const [typed, setTyped] = useState('');
  const [isMissing, setMissing] = useState(false);
  const test = useTestSend();
  const asksForUser = target.deviceId === undefined && target.uid === undefined;
  const send = () => {
    const uid = typed.trim();
    setMissing(asksForUser && uid === '');
    if (!asksForUser) test.mutate({ kind, target });
    else if (uid !== '') test.mutate({ kind, target: { appId: target.appId, uid } });
  };
  const actions = (
    <>
      <Button onClick={onClose}>{words.common.close}</Button>
      <Button look="main" isBusy={test.isPending} onClick={send}>
        {test.isSuccess ? text.again : text.send}
      </Button>
    </>
  );
  return (
    <Dialog isOpen onClose={onClose} title={text.title} description={description} actions={actions}>
      {(asksForUser || kinds.length > 1) && (
        <Form onSubmit={send}>
          {asksForUser && (
            <Field
              label={words.columns.uid}
              error={test.error}
              path="uid"
              problem={isMissing ? words.common.required : undefined}
            >
              {(control) => (
                <input
                  {...control}
                  value={typed}
                  autoComplete="off"
                  onChange={({ target: input }) => setTyped(input.value)}
                />
              )}
            </Field>
          )}
          {kinds.length > 1 && (
            <SelectField
              label={text.kind}
              options={kinds.map((one) => [one, text.kinds[one]] as const)}
              value={kind}
              onChange={setKind}
            />
          )}
        </Form>
      )}
      <Answer>
        {test.isPending && <p>{text.waiting}</p>}
        {test.isError && <Failure error={test.error} />}
        {test.isSuccess && <TestResult answer={test.data} />}
      </Answer>
    </Dialog>
  );
}
