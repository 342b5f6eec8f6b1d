import { useState } from 'react';
import { Link } from 'wouter';
import { Button } from '../../parts/button.js';
import { Dialog } from '../../parts/dialog.js';
import { Facts } from '../../parts/facts.js';
import { Field } from '../../parts/field.js';
import { formatSpan } from '../../parts/format.js';
import { Failure } from '../../parts/notice.js';
import { StateLabel } from '../../parts/state-label.js';
import { words } from '../../words.js';
import { deviceName } from './device-names.js';
import styles from './person.module.css';
import { useTestSend, type PersonKey, type SampleKind, type TestAnswer, type UserDevice } from './queries.js';

interface TestDialogProps {
  readonly person: PersonKey;
  /** Unset: an SMS to the person's number. */
  readonly device?: UserDevice;
  /** Masked number of the SMS, if there is no device. */
  readonly number?: string;
  readonly onClose: () => void;
}

/** Sends a test and shows what the vendor says. */
export function TestDialog({ person, device, number = '', onClose }: TestDialogProps) {
  const [kind, setKind] = useState<SampleKind>(firstKindOf(device));
  const test = useTestSend(person, device?.id);
  const text = device ? words.person.test.text(deviceName(device)) : words.person.test.smsText(number);
  const actions = (
    <>
      <Button onClick={onClose}>{words.common.close}</Button>
      <Button look="main" isBusy={test.isPending} onClick={() => test.mutate(kind)}>
        {test.isSuccess ? words.person.test.again : words.person.test.send}
      </Button>
    </>
  );
  return (
    <Dialog isOpen onClose={onClose} title={words.person.test.title} description={text} actions={actions}>
      {device && (
        <Field label={words.person.test.kind}>
          {(control) => (
            <select
              {...control}
              value={kind}
              onChange={(event) => setKind(event.target.value === 'call' ? 'call' : 'chat')}
            >
              <option value="chat">{words.person.test.kinds.chat}</option>
              <option value="call">{words.person.test.kinds.call}</option>
            </select>
          )}
        </Field>
      )}
      <div aria-live="polite" className={styles.answer}>
        {test.isPending && <p>{words.person.test.waiting}</p>}
        {test.isError && <Failure error={test.error} />}
        {test.isSuccess && <Answer answer={test.data} />}
      </div>
    </Dialog>
  );
}

/** A VoIP token only rings. */
function firstKindOf(device: UserDevice | undefined): SampleKind {
  if (!device) return 'sms';
  return device.platform.endsWith('_voip') ? 'call' : 'chat';
}

function Answer({ answer }: { readonly answer: TestAnswer }) {
  const { notificationId, isSettled, waitedMs, deliveries } = answer;
  return (
    <>
      <h3>{words.person.test.answer}</h3>
      {!isSettled && <p>{words.person.test.unsettled}</p>}
      {deliveries.map((delivery) => (
        <VendorsWord key={delivery.deliveryId} delivery={delivery} />
      ))}
      <p className={styles.remark}>
        {words.person.test.took(formatSpan(waitedMs))}.{' '}
        <Link href={`/notifications/${notificationId}`}>{words.person.test.open}</Link>
      </p>
    </>
  );
}

function VendorsWord({ delivery }: { readonly delivery: TestAnswer['deliveries'][number] }) {
  const { status, outcome, vendorCode, vendorText, explanation } = delivery;
  return (
    <div className={styles.word}>
      <div className={styles.labels}>
        <StateLabel kind="status" state={status} />
        {outcome !== null && <StateLabel kind="outcome" state={outcome} />}
      </div>
      <p>{explanation.summary}</p>
      <Facts
        facts={[
          [words.person.test.cause, explanation.cause],
          [words.person.test.fix, explanation.fix],
          [words.person.test.code, vendorCode === null ? undefined : <code>{vendorCode}</code>],
          [words.person.test.words, vendorText],
        ]}
      />
      {explanation.link !== null && (
        <p>
          <a href={explanation.link} rel="noreferrer" target="_blank">
            {words.person.test.link}
          </a>
        </p>
      )}
    </div>
  );
}
