import { useState } from 'react';
import { Button, Buttons } from '../../parts/button.js';
import { ConfirmDialog } from '../../parts/dialog.js';
import { Facts } from '../../parts/facts.js';
import { formatMoney, formatSpan } from '../../parts/format.js';
import { Empty, Notice } from '../../parts/notice.js';
import { Time } from '../../parts/time.js';
import { wordOf, words } from '../../words.js';
import { Counts } from './counts.js';
import type { Preview } from './queries.js';
import { leftOutWord, type ReplayFilter } from './replay-filter.js';
import styles from './replay.module.css';

const text = words.replay;

interface PreviewViewProps {
  readonly filter: ReplayFilter;
  readonly preview: Preview;
  readonly perSecond: number;
  readonly onStart: () => Promise<void>;
}

/** The count, and the start with its confirmation. */
export function PreviewView({ filter, preview, perSecond, onStart }: PreviewViewProps) {
  const [isAsked, setAsked] = useState(false);
  const { notifications, deliveries, byReason, leftOut, sms, scannedTo } = preview;
  const lines = leftOut.map(({ why, notifications: n }) => [leftOutWord(why), n] as const);
  return (
    <>
      <h3>{text.preview}</h3>
      {notifications === 0 ? (
        <Empty title={text.nothing}>{text.nothingText}</Empty>
      ) : (
        <p>
          <strong>{text.would(notifications, deliveries)}</strong> {text.nothingSent}
        </p>
      )}
      {scannedTo !== null && (
        <Notice tone="warn" icon="warning">
          <p>
            {text.countedTo} <Time at={scannedTo} />
          </p>
        </Notice>
      )}
      <div className={styles.columns}>
        {byReason.length > 0 && (
          <Counts
            heading={text.byReason}
            lines={byReason.map(({ reason, deliveries: n }) => [wordOf('reasons', reason), n] as const)}
          />
        )}
        {lines.length > 0 && <Counts heading={text.leftOut} lines={lines} />}
      </div>
      {notifications > 0 && (
        <>
          <Facts
            facts={[
              [text.sms, sms.messages > 0 ? smsText(sms) : null],
              [text.smsCost, sms.messages > 0 ? costText(sms) : null],
              [text.takes, formatSpan(Math.ceil(notifications / perSecond) * 1_000)],
            ]}
          />
          <Buttons>
            <Button look="main" icon="replay" onClick={() => setAsked(true)}>
              {text.start(notifications)}
            </Button>
          </Buttons>
        </>
      )}
      <ConfirmDialog
        isOpen={isAsked}
        onClose={() => setAsked(false)}
        title={text.confirmTitle}
        description={[
          text.confirm(notifications, perSecond, filter.appId ?? ''),
          ...(sms.messages > 0 ? [text.confirmSms(smsText(sms), costText(sms))] : []),
        ].join(' ')}
        action={text.confirmAction}
        onConfirm={onStart}
      />
    </>
  );
}

const smsText = ({ messages, segments, unknown }: Preview['sms']): string =>
  [text.smsText(messages, segments), ...(unknown > 0 ? [text.smsUnknown(unknown)] : [])].join(', ');

const costText = ({ cost }: Preview['sms']): string =>
  cost.length === 0
    ? text.noCost
    : cost.map(({ amount, currency }) => formatMoney(Number(amount), currency)).join(' + ');
