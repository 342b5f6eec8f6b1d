import { numberColumn } from '../../parts/columns.js';
import { Facts } from '../../parts/facts.js';
import { Empty, Notice } from '../../parts/notice.js';
import { DataTable, type Column } from '../../parts/data-table.js';
import { Marked } from '../../parts/marked.js';
import { Section } from '../../parts/page.js';
import { ToneLabel } from '../../parts/state-label.js';
import { LOOKS } from '../../parts/states.js';
import { Time } from '../../parts/time.js';
import { wordOf, words } from '../../words.js';
import { ChangeTable } from './change-table.js';
import { MessageView } from './message-view.js';
import type { EvaluatedRule, Evaluation } from './queries.js';
import styles from './rules.module.css';

const text = words.rules;

/** Effect of the rules on an event, from the rules to the payloads. */
export function EvaluationView({ evaluation }: { readonly evaluation: Evaluation }) {
  const { rules, before, after, messages, isShown } = evaluation;
  return (
    <>
      <Section heading={text.result} isPanel>
        <Outcome evaluation={evaluation} />
        <Notice tone="quiet">{text.nothingSent}</Notice>
        {!isShown && <Notice tone="quiet">{text.hidden}</Notice>}
      </Section>
      <Section heading={text.rulesHeading} isPanel>
        <Rules rules={rules} />
      </Section>
      <Section heading={text.changes} isPanel>
        <ChangeTable before={before} after={after} />
      </Section>
      <Section heading={text.messages}>
        {messages.length === 0 ? (
          <p className="quiet">{text.noMessages}</p>
        ) : (
          messages.map((message, index) => <MessageView key={index} message={message} />)
        )}
      </Section>
    </>
  );
}

function Outcome({ evaluation: { outcome, notBefore } }: { readonly evaluation: Evaluation }) {
  const going = text.outcomes[outcome];
  return (
    <>
      <p>
        {going === undefined ? (
          <ToneLabel {...LOOKS.none} text={text.notSent(wordOf('reasons', outcome))} />
        ) : (
          <ToneLabel
            tone={outcome === 'sends' ? 'good' : 'wait'}
            icon={outcome === 'sends' ? 'check' : 'clock'}
            text={going}
          />
        )}
      </p>
      <Facts facts={[[text.notBefore, notBefore === null ? null : <Time key="at" at={notBefore} />]]} />
    </>
  );
}

interface PlacedRule extends EvaluatedRule {
  readonly place: number;
}

const COLUMNS: readonly Column<PlacedRule>[] = [
  { ...numberColumn('place', text.columns.place, ({ place }: PlacedRule) => place), isMinor: true },
  {
    key: 'name',
    heading: text.columns.name,
    cell: ({ name }) => <span className={styles.name}>{name}</span>,
  },
  {
    key: 'matched',
    heading: text.columns.matched,
    cell: ({ matched }) =>
      matched ? (
        <ToneLabel {...LOOKS.good} text={text.matches} />
      ) : (
        <ToneLabel {...LOOKS.none} text={text.matchesNot} />
      ),
  },
  { key: 'action', heading: text.columns.action, cell: ({ action }) => <code>{action}</code> },
];

function Rules({ rules }: { readonly rules: readonly EvaluatedRule[] }) {
  if (rules.length === 0)
    return (
      <Empty title={text.noRules}>
        <Marked text={text.noRulesText} />
      </Empty>
    );
  return (
    <DataTable
      label={text.rulesHeading}
      columns={COLUMNS}
      rows={rules.map((rule, index) => ({ ...rule, place: index + 1 }))}
      keyOf={({ place }) => String(place)}
    />
  );
}
