import { useState } from 'react';
import { Link } from 'wouter';
import { Button } from '../../parts/button.js';
import { Dialog } from '../../parts/dialog.js';
import { Explanation } from '../../parts/explanation.js';
import { Field } from '../../parts/field.js';
import { formatSpan } from '../../parts/format.js';
import { Marked } from '../../parts/marked.js';
import { Failure } from '../../parts/notice.js';
import { StateLabel } from '../../parts/state-label.js';
import { words } from '../../words.js';
import { useTestSend, type Story, type TestAnswer, type TestKind } from './queries.js';
import { shortened } from './shortened.js';
import styles from './notification.module.css';

const text = words.story.actions;

interface TestDialogProps {
  readonly onClose: () => void;
  readonly story: Story;
  /** Unset: an SMS to the user's number. */
  readonly device: { readonly id: string; readonly name: string; readonly isVoip: boolean } | undefined;
}

/** Sends a test and shows what the vendor says. */
export function TestDialog({ onClose, story: { appId, uid }, device }: TestDialogProps) {
  const [kind, setKind] = useState<TestKind>(!device ? 'sms' : device.isVoip ? 'call' : 'chat');
  const test = useTestSend(device ? { appId, deviceId: device.id } : { appId, uid });
  const actions = (
    <>
      <Button onClick={onClose}>{words.common.close}</Button>
      <Button look="main" isBusy={test.isPending} onClick={() => test.mutate(kind)}>
        {test.isSuccess ? text.again : text.send}
      </Button>
    </>
  );
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={text.testTitle}
      description={device ? text.testText(device.name) : text.testSmsText(shortened(uid))}
      actions={actions}
    >
      {device && (
        <Field label={text.kind}>
          {(control) => (
            <select
              {...control}
              value={kind}
              onChange={({ target }) => setKind(target.value === 'call' ? 'call' : 'chat')}
            >
              <option value="chat">{text.kinds.chat}</option>
              <option value="call">{text.kinds.call}</option>
            </select>
          )}
        </Field>
      )}
      <div aria-live="polite" className={styles.answer}>
        {test.isPending && <p>{text.waiting}</p>}
        {test.isError && <Failure error={test.error} />}
        {test.isSuccess && <Answer answer={test.data} />}
      </div>
    </Dialog>
  );
}

function Answer({
  answer: { notificationId, isSettled, waitedMs, deliveries },
}: {
  readonly answer: TestAnswer;
}) {
  return (
    <>
      {!isSettled && <p>{text.unsettled}</p>}
      {deliveries.map(({ deliveryId, status, outcome, vendorCode, vendorText, explanation }) => (
        <div key={deliveryId} className={styles.answer}>
          <p className={styles.line}>
            <StateLabel kind="status" state={status} />
            {outcome !== null && <StateLabel kind="outcome" state={outcome} />}
            {vendorCode !== null && <code>{vendorCode}</code>}
          </p>
          <p>
            <Marked text={explanation.summary} />
          </p>
          {vendorText !== null && (
            <p>
              {words.story.vendorSays} <q dir="auto">{vendorText}</q>
            </p>
          )}
          <Explanation {...explanation} />
        </div>
      ))}
      <p className={styles.line}>
        <Link href={`/notifications/${notificationId}`}>{text.openTest}</Link>
        <span className={styles.quiet}>{words.story.took(formatSpan(waitedMs))}</span>
      </p>
    </>
  );
}
