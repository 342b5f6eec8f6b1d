import { useState } from 'react';
import { useMayChange } from '../../api/session.js';
import { Button } from '../../parts/button.js';
import { Facts } from '../../parts/facts.js';
import { Json } from '../../parts/json.js';
import { Line } from '../../parts/line.js';
import { More } from '../../parts/more.js';
import { shortened } from '../../parts/shortened.js';
import { StateLabel } from '../../parts/state-label.js';
import { TestDialog } from '../../parts/test-dialog.js';
import { wordOf, words } from '../../words.js';
import { Copyable } from '../../parts/copyable.js';
import type { Story } from '../../api/story.js';
import type { Delivery } from './queries.js';
import { ResendDialog } from './resend-dialog.js';
import styles from './notification.module.css';

const text = words.story;

interface DeliveryHeadProps {
  readonly delivery: Delivery;
  readonly story: Story;
}

/** Address and status of a delivery, with the actions for that address. */
export function DeliveryHead({ delivery, story }: DeliveryHeadProps) {
  const { kind, status, reason, provider, address, dropped } = delivery;
  const word = reason === null ? undefined : wordOf('reasons', reason);
  return (
    <div className={styles.deliveryHead}>
      <div className={styles.deliveryTop}>
        <div>
          <Line>
            <h3>{kind === null ? text.unreached : text.delivery(wordOf('transports', kind))}</h3>
            <StateLabel kind="status" state={status} />
            {word !== undefined && <span>{word}</span>}
          </Line>
          {(provider ?? address) !== null && (
            <Line>
              <bdi>{provider}</bdi>
              {address !== null && <code>{address}</code>}
            </Line>
          )}
        </div>
        <DeliveryActions delivery={delivery} story={story} />
      </div>
      {dropped.length > 0 && <p className="quiet">{text.dropped(dropped.join(', '))}</p>}
      <More label={text.details}>
        <Facts facts={detailsOf(delivery)} />
        {delivery.wouldSend !== undefined && (
          <>
            <p>{text.wouldSend}</p>
            <Json value={delivery.wouldSend} label={text.wouldSend} />
          </>
        )}
      </More>
    </div>
  );
}

function detailsOf({ id, deviceId, sms }: Delivery) {
  const { segments, encoding, country } = sms ?? {};
  return [
    [text.facts.deliveryId, <Copyable key="id" text={id} what={text.theDelivery} />],
    [text.facts.deviceId, deviceId && <Copyable key="device" text={deviceId} what={text.theDevice} />],
    [text.facts.segments, segments],
    [text.facts.encoding, encoding && (words.encodings[encoding] ?? encoding)],
    [text.facts.country, country],
  ] as const;
}

/** Resend and test, for those who may. */
function DeliveryActions({ delivery, story }: DeliveryHeadProps) {
  const [open, setOpen] = useState<'resend' | 'test'>();
  const mayChange = useMayChange();
  const { deviceId, address, kind, id } = delivery;
  const { appId, uid } = story;
  if (!mayChange || (deviceId === null && kind !== 'sms')) return null;
  const name = address ?? id;
  const close = () => setOpen(undefined);
  return (
    <div className={styles.actions}>
      {deviceId !== null && <Button onClick={() => setOpen('resend')}>{text.actions.resendDevice}</Button>}
      <Button onClick={() => setOpen('test')}>
        {deviceId === null ? words.test.smsButton : words.test.button}
      </Button>
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
          description={deviceId === null ? words.test.smsTo(shortened(uid)) : words.test.toDevice(name)}
          kinds={deviceId === null ? ['sms'] : kind === 'apns-voip' ? ['call', 'chat'] : ['chat', 'call']}
          target={deviceId === null ? { appId, uid } : { appId, deviceId }}
          onClose={close}
        />
      )}
    </div>
  );
}
