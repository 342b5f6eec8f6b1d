import { Link } from 'wouter';
import type { TestAnswer } from '../api/test-sends.js';
import { words } from '../words.js';
import { Explanation } from './explanation.js';
import { formatSpan } from './format.js';
import { Line } from './line.js';
import { Marked } from './marked.js';
import { StateLabel } from './state-label.js';
import { VendorText } from './vendor-text.js';

const text = words.test;

/** The vendor's answer to a test, for each delivery. */
export function TestResult({ answer }: { readonly answer: TestAnswer }) {
  const { notificationId, isSettled, waitedMs, deliveries } = answer;
  return (
    <>
      {deliveries.length === 0 && <p>{text.noDelivery}</p>}
      {deliveries.map((delivery) => (
        <Outcome key={delivery.deliveryId} delivery={delivery} />
      ))}
      {!isSettled && <p>{text.unsettled}</p>}
      <Line>
        <Link href={`/notifications/${notificationId}`}>{text.open}</Link>
        <span className="quiet">{text.took(formatSpan(waitedMs))}</span>
      </Line>
    </>
  );
}

function Outcome({ delivery }: { readonly delivery: TestAnswer['deliveries'][number] }) {
  const { status, outcome, provider, vendorCode, vendorText, explanation } = delivery;
  return (
    <div>
      <Line>
        <StateLabel kind="status" state={status} />
        {outcome !== null && <StateLabel kind="outcome" state={outcome} />}
        {provider !== null && <bdi>{provider}</bdi>}
        {vendorCode !== null && <code>{vendorCode}</code>}
      </Line>
      <p>
        <Marked text={explanation.summary} />
      </p>
      <VendorText text={vendorText} />
      <Explanation {...explanation} />
    </div>
  );
}
