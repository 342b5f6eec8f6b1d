import { useState } from 'react';
import { Button } from '../../parts/button.js';
import { Explanation } from '../../parts/explanation.js';
import { Facts } from '../../parts/facts.js';
import { formatSpan } from '../../parts/format.js';
import { Line } from '../../parts/line.js';
import { Marked } from '../../parts/marked.js';
import { StateLabel } from '../../parts/state-label.js';
import { lookOf } from '../../parts/states.js';
import { Time } from '../../parts/time.js';
import { VendorText } from '../../parts/vendor-text.js';
import { words } from '../../words.js';
import { Copyable } from '../../parts/copyable.js';
import { DeliveryHead } from './delivery-head.js';
import type { Story } from '../../api/story.js';
import type { Attempt } from './queries.js';
import { entriesOf, type Step } from './steps.js';
import styles from './notification.module.css';

const text = words.story;

/** A delivery with more steps shows this many at each end. */
const MOST_STEPS = 12;
const ENDS = 3;

/** Each step in words, with its place in time beside it. */
export function Timeline({ story }: { readonly story: Story }) {
  return (
    <ol className={styles.timeline}>
      {entriesOf(story).map((entry) =>
        entry.delivery ? (
          <li key={entry.delivery.id} className={styles.delivery}>
            <DeliveryHead delivery={entry.delivery} story={story} />
            <DeliverySteps steps={entry.steps} />
          </li>
        ) : (
          <StepItem key={entry.step.event.event} step={entry.step} />
        ),
      )}
    </ol>
  );
}

/** Of many attempts only the first and the last are shown until somebody asks. */
function DeliverySteps({ steps }: { readonly steps: readonly Step[] }) {
  const [isWhole, setWhole] = useState(false);
  const hidden = isWhole || steps.length <= MOST_STEPS ? 0 : steps.length - 2 * ENDS;
  return (
    <ol className={styles.steps}>
      {steps.map((step, index) => {
        if (hidden > 0 && index >= ENDS && index < ENDS + hidden)
          return index === ENDS ? (
            <li key={index} className={styles.step}>
              <Button onClick={() => setWhole(true)}>{text.moreSteps(hidden)}</Button>
            </li>
          ) : null;
        return <StepItem key={index} step={step} />;
      })}
    </ol>
  );
}

function StepItem({ step }: { readonly step: Step }) {
  const { event, attempt, afterMs } = step;
  return (
    <li className={styles.step}>
      <div className={styles.stepHead}>
        <span className={styles.stepName}>{nameOf(step)}</span>
        {attempt && <StateLabel kind="outcome" state={attempt.outcome} />}
      </div>
      <div className={styles.when}>
        <Time at={event.at} isRelative={event.event === 'next_attempt'} />
        {afterMs > 0 && <span className="quiet">{text.after(formatSpan(afterMs))}</span>}
      </div>
      <Waterfall step={step} />
      <div className={styles.stepBody}>
        {attempt ? (
          <AttemptFacts attempt={attempt} waitedMs={step.waitedMs} />
        ) : (
          <p>
            <Marked text={event.text} />
          </p>
        )}
        {event.explanation && !step.isExplained && <Explanation {...event.explanation} />}
      </div>
    </li>
  );
}

function nameOf({ event, attempt }: Step): string {
  if (attempt) return text.steps.attempted(attempt.attempt);
  return event.event === 'attempted' ? text.steps.attempted(1) : text.steps[event.event];
}

/** Where the step lies in the time of the whole story. The times beside it say the same in words. */
function Waterfall({ step: { bar, attempt, event } }: { readonly step: Step }) {
  const { tone } = attempt ? lookOf('outcome', attempt.outcome) : lookOf('status', event.event);
  return (
    <div className={styles.track} aria-hidden="true">
      <span
        className={styles.wait}
        style={{ insetInlineStart: placeOf(bar.waitFrom), width: lengthOf(bar.from - bar.waitFrom) }}
      />
      <span
        className={styles.work}
        data-tone={tone}
        style={{ insetInlineStart: placeOf(bar.from), width: lengthOf(bar.to - bar.from, DOT) }}
      />
    </div>
  );
}

/** Width of an event without a length, which fits into the line at both ends. */
const DOT = '0.5rem';
const placeOf = (share: number): string => `calc((100% - ${DOT}) * ${share})`;
const lengthOf = (share: number, more = '0px'): string =>
  `calc((100% - ${DOT}) * ${Math.max(share, 0)} + ${more})`;

interface AttemptFactsProps {
  readonly attempt: Attempt;
  readonly waitedMs: number;
}

function AttemptFacts({ attempt, waitedMs }: AttemptFactsProps) {
  const { provider, httpStatus, vendorCode, vendorText, vendorMessageId, vendorTraceId } = attempt;
  return (
    <>
      <Line>
        <bdi>{provider}</bdi>
        {httpStatus !== null && <span>{text.http(httpStatus)}</span>}
        {vendorCode !== null && <code>{vendorCode}</code>}
        {waitedMs > 0 && <span className="quiet">{text.waited(formatSpan(waitedMs))}</span>}
        <span className="quiet">{text.took(formatSpan(attempt.durationMs))}</span>
      </Line>
      <VendorText text={vendorText} />
      {attempt.possibleDouble && <p>{text.possibleDouble}</p>}
      <Facts
        facts={[
          [text.messageId, vendorMessageId && <Copyable text={vendorMessageId} what={text.theVendorId} />],
          [text.traceId, vendorTraceId && <Copyable text={vendorTraceId} what={text.theTrace} />],
        ]}
      />
    </>
  );
}
