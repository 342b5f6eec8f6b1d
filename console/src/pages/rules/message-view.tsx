import { Card } from '../../parts/card.js';
import { CopyButton } from '../../parts/copy-button.js';
import { Facts } from '../../parts/facts.js';
import { formatNumber } from '../../parts/format.js';
import { Json } from '../../parts/json.js';
import { Meter } from '../../parts/meter.js';
import { wordOf, words } from '../../words.js';
import type { Message } from './queries.js';

const text = words.rules;

/** One message as the vendor would get it. */
export function MessageView({ message }: { readonly message: Message }) {
  const { transport, provider, payload, bytes, limitBytes, dropped, isExample } = message;
  const name = text.message(wordOf('transports', transport), provider);
  return (
    <Card
      heading={name}
      aside={<CopyButton text={JSON.stringify(payload, null, 2)} what={text.copyPayload} />}
    >
      <Facts
        facts={[
          [text.sizeLabel, <Size key="size" bytes={bytes} limitBytes={limitBytes} />],
          [text.droppedLabel, dropped.length > 0 ? dropped.join(', ') : text.nothingDropped],
        ]}
      />
      {isExample && <p className="quiet">{text.isExample}</p>}
      <Json value={payload} label={text.payload(name)} />
    </Card>
  );
}

function Size({ bytes, limitBytes }: Pick<Message, 'bytes' | 'limitBytes'>) {
  if (limitBytes === null) return text.sizeOfText(formatNumber(bytes));
  return (
    <Meter
      label={text.sizeLabel}
      value={bytes}
      max={limitBytes}
      text={text.size(formatNumber(bytes), formatNumber(limitBytes))}
    />
  );
}
