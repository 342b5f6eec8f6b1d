import { formatSpan } from '../../parts/format.js';
import { Section } from '../../parts/page.js';
import { QueryView } from '../../parts/query-view.js';
import { ToneLabel } from '../../parts/state-label.js';
import { Time } from '../../parts/time.js';
import { words } from '../../words.js';
import { reasonText } from './device-names.js';
import styles from './person.module.css';
import { usePlan, type PersonKey, type Plan, type SampleKind } from './queries.js';

const KINDS: readonly SampleKind[] = ['chat', 'call', 'sms'];
const text = words.person.plan;

/** The addresses that a message, a call and an SMS would reach now. */
export function PlanPreview({ person }: { readonly person: PersonKey }) {
  return (
    <Section heading={text.heading}>
      <p className={styles.remark}>{text.intro}</p>
      <div className={styles.plans}>
        {KINDS.map((kind) => (
          <OnePlan key={kind} person={person} kind={kind} />
        ))}
      </div>
    </Section>
  );
}

function OnePlan({ person, kind }: { readonly person: PersonKey; readonly kind: SampleKind }) {
  const query = usePlan(person, kind);
  return (
    <div className={styles.plan} data-plan={kind}>
      <h3>{text.kinds[kind]}</h3>
      <QueryView query={query} rows={2} failure={text.failed}>
        {(plan) => <PlanInWords plan={plan} />}
      </QueryView>
    </div>
  );
}

function PlanInWords({ plan }: { readonly plan: Plan }) {
  const { deliveries, leftOut, unreached, rules, notBefore } = plan;
  return (
    <>
      <p className={styles.planHead}>
        <Headline plan={plan} />
      </p>
      {notBefore !== null && (
        <p>
          {text.notBefore} <Time at={notBefore} />
        </p>
      )}
      <ul className={styles.planList}>
        {deliveries.map(({ kind, provider, deviceId, address, reason }) => (
          <li key={`${deviceId} ${address} ${provider}`}>
            <span>{text.delivery(transportOf(kind), address, provider)}</span>
            {reason !== null && <span className={styles.remark}>{reasonText(reason)}</span>}
          </li>
        ))}
        {leftOut.map(({ deviceId, kind, why }) => (
          <li key={deviceId}>
            <span>{transportOf(kind)}</span>
            <span className={styles.remark}>{text.leftOut[why] ?? why}</span>
          </li>
        ))}
        {unreached.map(({ kind, reason }) => (
          <li key={`${kind} ${reason}`}>
            <span>{kind === null ? text.push : transportOf(kind)}</span>
            <span className={styles.remark}>{reasonText(reason)}</span>
          </li>
        ))}
      </ul>
      {rules.length > 0 && <p className={styles.remark}>{text.rules(rules.join(', '))}</p>}
    </>
  );
}

/** The outcome in one sentence, with its state. */
function Headline({ plan: { deliveries, skippedReason, postponed } }: { readonly plan: Plan }) {
  if (postponed) {
    const say = text.postponed[postponed.why];
    return <>{say ? say(formatSpan(postponed.waitMs)) : postponed.why}</>;
  }
  const sent = deliveries.filter(({ reason }) => reason === null);
  if (sent.length === 0)
    return (
      <>
        <ToneLabel tone="bad" icon="cross" text={text.wouldNot} />
        {skippedReason !== null && ` ${reasonText(skippedReason)}`}
      </>
    );
  const sms = sent.filter(({ kind }) => kind === 'sms').length;
  return (
    <>
      <ToneLabel tone="good" icon="check" text={text.would} /> {text.sends(sent.length - sms, sms)}
    </>
  );
}

const transportOf = (kind: string): string => words.transports[kind] ?? kind;
