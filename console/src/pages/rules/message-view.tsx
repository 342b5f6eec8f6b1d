import { useId } from 'react';
import { CopyButton } from '../../parts/copy-button.js';
import { Facts } from '../../parts/facts.js';
import { formatNumber } from '../../parts/format.js';
import { Meter } from '../../parts/meter.js';
import { words } from '../../words.js';
import { Json } from './json.js';
import type { Message } from './queries.js';
import styles from './rules.module.css';

const text = words.rules;

/** One message as the vendor would get it. */
export function MessageView({ message }: { readonly message: Message }) {
  const { transport, provider, payload, bytes, limitBytes, dropped, isExample } = message;
  const nameId = useId();
  const name = text.message(words.transports[transport] ?? transport, provider);
  return (
    <article className={styles.message} aria-labelledby={nameId}>
      <div className={styles.head}>
        <h3 id={nameId}>{name}</h3>
        <CopyButton text={JSON.stringify(payload, null, 2)} what={text.copyPayload} />
      </div>
      <Facts
        facts={[
          [text.sizeLabel, <Size key="size" bytes={bytes} limitBytes={limitBytes} />],
          [text.droppedLabel, dropped.length > 0 ? dropped.join(', ') : text.nothingDropped],
        ]}
      />
      {isExample && <p className={styles.quiet}>{text.isExample}</p>}
      <Json value={payload} label={text.payload(name)} />
    </article>
  );
}

function Size({ bytes, limitBytes }: Pick<Message, 'bytes' | 'limitBytes'>) {
  if (limitBytes === null) return text.sizeOfText(formatNumber(bytes));
  return (
    <div className={styles.size}>
      <Meter
        label={text.sizeLabel}
        value={bytes}
        max={limitBytes}
        text={text.size(formatNumber(bytes), formatNumber(limitBytes))}
      />
    </div>
  );
}
