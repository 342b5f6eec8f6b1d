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
import type { Provider } from '../../api/providers.js';
import { useTestSend, type TestAnswer, type TestKind } from './queries.js';
import styles from './providers.module.css';

const text = words.providers;
const KINDS = { push: ['chat', 'call'], sms: ['sms'] } as const satisfies Readonly<
  Record<Provider['channel'], readonly TestKind[]>
>;

interface TestDialogProps {
  readonly provider: Provider;
  readonly onClose: () => void;
}

/** Sends a test to a user over the provider's channel, and shows the vendor's word about it. */
export function TestDialog({ provider: { appId, channel }, onClose }: TestDialogProps) {
  const kinds: readonly TestKind[] = KINDS[channel];
  const [uid, setUid] = useState('');
  const [chosen, setChosen] = useState(0);
  const [isMissing, setMissing] = useState(false);
  const test = useTestSend(appId);
  const kind = kinds[chosen] ?? 'chat';
  const send = () => {
    const given = uid.trim();
    setMissing(given === '');
    if (given !== '') test.mutate({ uid: given, kind });
  };
  const actions = (
    <>
      <Button onClick={onClose}>{words.common.close}</Button>
      <Button look="main" isBusy={test.isPending} onClick={send}>
        {test.isSuccess ? text.sendAgain : text.send}
      </Button>
    </>
  );
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={text.testTitle}
      description={text.testText(appId, words.channels[channel] ?? channel)}
      actions={actions}
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <Field label={text.uid} error={test.error} path="uid" problem={isMissing ? text.needsUid : undefined}>
          {(control) => (
            <input
              {...control}
              value={uid}
              autoComplete="off"
              onChange={({ target }) => setUid(target.value)}
            />
          )}
        </Field>
        {kinds.length > 1 ? (
          <Field label={text.kind}>
            {(control) => (
              <select {...control} value={chosen} onChange={({ target }) => setChosen(Number(target.value))}>
                {kinds.map((one, index) => (
                  <option key={one} value={index}>
                    {text.kinds[one]}
                  </option>
                ))}
              </select>
            )}
          </Field>
        ) : (
          <p className={styles.quiet}>{text.smsCosts}</p>
        )}
      </form>
      <div aria-live="polite" className={styles.answer}>
        {test.isError && <Failure error={test.error} />}
        {test.isSuccess && <Answer answer={test.data} />}
      </div>
    </Dialog>
  );
}

function Answer({ answer }: { readonly answer: TestAnswer }) {
  const { notificationId, isSettled, waitedMs, deliveries } = answer;
  return (
    <>
      {deliveries.length === 0 && <p>{text.noDelivery}</p>}
      {deliveries.map(({ deliveryId, status, outcome, vendorCode, provider, explanation }) => (
        <div key={deliveryId} className={styles.answer}>
          <p className={styles.line}>
            <StateLabel kind="status" state={status} />
            {outcome !== null && <StateLabel kind="outcome" state={outcome} />}
            {provider !== null && <span>{provider}</span>}
            {vendorCode !== null && <code>{vendorCode}</code>}
          </p>
          <p>
            <Marked text={explanation.summary} />
          </p>
          <Explanation {...explanation} />
        </div>
      ))}
      {!isSettled && <p>{text.notSettled}</p>}
      <p className={styles.line}>
        <Link href={`/notifications/${notificationId}`}>{text.openTest}</Link>
        <span className={styles.quiet}>{text.took(formatSpan(waitedMs))}</span>
      </p>
    </>
  );
}
