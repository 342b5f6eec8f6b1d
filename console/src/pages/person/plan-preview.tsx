import { Card, Cards } from '../../parts/card.js';
import { formatSpan } from '../../parts/format.js';
import { Section } from '../../parts/page.js';
import { QueryView } from '../../parts/query-view.js';
import { ToneLabel } from '../../parts/state-label.js';
import { LOOKS } from '../../parts/states.js';
import { Time } from '../../parts/time.js';
import { wordOf, words } from '../../words.js';
import styles from './person.module.css';
import { usePlan, type PersonKey, type Plan, type SampleKind } from './queries.js';

const KINDS: readonly SampleKind[] = ['chat', 'call', 'sms'];
const text = words.person.plan;

/** The addresses that a message, a call and an SMS would reach now. */
export function PlanPreview({ person }: { readonly person: PersonKey }) {
  return (
    <Section heading={text.heading}>
      <p className="quiet">{text.intro}</p>
      <Cards width={18}>
        {KINDS.map((kind) => (
          <OnePlan key={kind} person={person} kind={kind} />
        ))}
      </Cards>
    </Section>
  );
}

function OnePlan({ person, kind }: { readonly person: PersonKey; readonly kind: SampleKind }) {
  const query = usePlan(person, kind);
  return (
    <Card heading={text.kinds[kind]} data-plan={kind}>
      <QueryView query={query} rows={2} failure={text.failed}>
        {(plan) => <PlanInWords plan={plan} />}
      </QueryView>
    </Card>
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
            <span>{text.delivery(wordOf('transports', kind), address, provider)}</span>
            {reason !== null && <span className="quiet">{wordOf('reasons', reason)}</span>}
          </li>
        ))}
        {leftOut.map(({ deviceId, kind, why }) => (
          <li key={deviceId}>
            <span>{wordOf('transports', kind)}</span>
            <span className="quiet">{text.leftOut[why] ?? why}</span>
          </li>
        ))}
        {unreached.map(({ kind, reason }) => (
          <li key={`${kind} ${reason}`}>
            <span>{kind === null ? text.push : wordOf('transports', kind)}</span>
            <span className="quiet">{wordOf('reasons', reason)}</span>
          </li>
        ))}
      </ul>
      {rules.length > 0 && <p className="quiet">{text.rules(rules.join(', '))}</p>}
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
        <ToneLabel {...LOOKS.bad} text={text.wouldNot} />
        {skippedReason !== null && ` ${wordOf('reasons', skippedReason)}`}
      </>
    );
  const sms = sent.filter(({ kind }) => kind === 'sms').length;
  return (
    <>
      <ToneLabel {...LOOKS.good} text={text.would} /> {text.sends(sent.length - sms, sms)}
    </>
  );
}
