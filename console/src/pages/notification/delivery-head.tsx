import { useState } from 'react';
import { useMayChange } from '../../api/session.js';
import { Button } from '../../parts/button.js';
import { Facts } from '../../parts/facts.js';
import { StateLabel } from '../../parts/state-label.js';
import { words } from '../../words.js';
import { CopyableId } from './copyable-id.js';
import type { Delivery, Story } from './queries.js';
import { ResendDialog } from './resend-dialog.js';
import { TestDialog } from './test-dialog.js';
import styles from './notification.module.css';

const text = words.story;

interface DeliveryHeadProps {
  readonly delivery: Delivery;
  readonly story: Story;
}

/** Address and status of a delivery, with the actions for that address. */
export function DeliveryHead({ delivery, story }: DeliveryHeadProps) {
  const { kind, status, reason, provider, address, dropped } = delivery;
  const word = reason === null ? undefined : (words.reasons[reason] ?? reason);
  return (
    <div className={styles.deliveryHead}>
      <div className={styles.deliveryTop}>
        <div>
          <div className={styles.line}>
            <h3>{kind === null ? text.unreached : text.delivery(words.transports[kind] ?? kind)}</h3>
            <StateLabel kind="status" state={status} />
            {word !== undefined && <span>{word}</span>}
          </div>
          {(provider ?? address) !== null && (
            <p className={styles.line}>
              <bdi>{provider}</bdi>
              {address !== null && <code>{address}</code>}
            </p>
          )}
        </div>
        <DeliveryActions delivery={delivery} story={story} />
      </div>
      {dropped.length > 0 && <p className={styles.quiet}>{text.dropped(dropped.join(', '))}</p>}
      <details className={styles.details}>
        <summary>{text.details}</summary>
        <Facts facts={detailsOf(delivery)} />
        {delivery.wouldSend !== undefined && (
          <>
            <p>{text.wouldSend}</p>
            <pre className={styles.json} dir="auto" tabIndex={0} role="region" aria-label={text.wouldSend}>
              {JSON.stringify(delivery.wouldSend, undefined, 2)}
            </pre>
          </>
        )}
      </details>
    </div>
  );
}

function detailsOf({ id, deviceId, sms }: Delivery) {
  const { segments, encoding, country } = sms ?? {};
  return [
    [text.facts.deliveryId, <CopyableId key="id" id={id} what={text.theDelivery} />],
    [text.facts.deviceId, deviceId && <CopyableId key="device" id={deviceId} what={text.theDevice} />],
    [text.facts.segments, segments],
    [text.facts.encoding, encoding && (text.encodings[encoding] ?? encoding)],
    [text.facts.country, country],
  ] as const;
}

/** Resend and test, for those who may. */
function DeliveryActions({ delivery, story }: DeliveryHeadProps) {
  const [open, setOpen] = useState<'resend' | 'test'>();
  const mayChange = useMayChange();
  const { deviceId, address, kind, id } = delivery;
  const isSms = kind === 'sms';
  if (!mayChange || (deviceId === null && !isSms)) return null;
  const name = address ?? id;
  const close = () => setOpen(undefined);
  return (
    <div className={styles.actions}>
      {deviceId !== null && <Button onClick={() => setOpen('resend')}>{text.actions.resendDevice}</Button>}
      <Button onClick={() => setOpen('test')}>{isSms ? text.actions.testSms : text.actions.test}</Button>
      {deviceId !== null && (
        <ResendDialog
          isOpen={open === 'resend'}
          onClose={close}
          story={story}
          device={{ id: deviceId, name }}
        />
      )}
      {open === 'test' && (
        <TestDialog
          onClose={close}
          story={story}
          device={
            isSms || deviceId === null ? undefined : { id: deviceId, name, isVoip: kind === 'apns-voip' }
          }
        />
      )}
    </div>
  );
}
