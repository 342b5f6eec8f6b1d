import { Link } from 'wouter';
import { useStatus, type Problem } from '../../api/status.js';
import { Section } from '../../parts/page.js';
import { QueryView } from '../../parts/query-view.js';
import { StateLabel, ToneLabel } from '../../parts/state-label.js';
import { LOOKS } from '../../parts/states.js';
import { words } from '../../words.js';
import styles from './overview.module.css';

/** Current problems, each with the page that helps. */
export function Problems() {
  return (
    <Section heading={words.overview.now} isPanel>
      <QueryView query={useStatus()} rows={1} failure={words.overview.statusFailed}>
        {(status) => <ProblemsOrNone problems={status?.problems ?? []} />}
      </QueryView>
    </Section>
  );
}

function ProblemsOrNone({ problems }: { readonly problems: readonly Problem[] }) {
  return problems.length === 0 ? <Fine /> : <ProblemList problems={problems} />;
}

function Fine() {
  return (
    <p className={styles.fine}>
      <ToneLabel {...LOOKS.good} text={words.overview.fine} />
      <span>{words.overview.fineText}</span>
    </p>
  );
}

function ProblemList({ problems }: { readonly problems: readonly Problem[] }) {
  return (
    <ul className={styles.problems}>
      {problems.map(({ kind, severity, text, page }) => (
        <li key={`${kind} ${text}`}>
          <StateLabel kind="severity" state={severity} />
          <p>{text}</p>
          <Link href={page}>{words.overview.problemPages[page] ?? words.overview.open}</Link>
        </li>
      ))}
    </ul>
  );
}
