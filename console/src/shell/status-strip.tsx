import { Link } from 'wouter';
import { useAppId } from '../api/app-choice.js';
import { useProblems } from '../api/status.js';
import { StateLabel } from '../parts/state-label.js';
import { words } from '../words.js';
import { pageHref } from '../api/page-href.js';
import styles from './status-strip.module.css';

const SHOWN = 3;

/** Current problems, on every page; nothing if all is well. */
export function StatusStrip() {
  const problems = useProblems() ?? [];
  const appId = useAppId();
  if (problems.length === 0) return null;
  const hidden = problems.length - SHOWN;
  return (
    <section className={styles.strip} data-severity={problems[0]?.severity} aria-label={words.shell.problems}>
      <ul>
        {problems.slice(0, SHOWN).map(({ kind, severity, text, page }) => (
          <li key={`${kind} ${text}`}>
            <StateLabel kind="severity" state={severity} />
            <Link href={page}>{text}</Link>
          </li>
        ))}
        {hidden > 0 && (
          <li>
            <Link href={pageHref('/', appId)}>{words.shell.moreProblems(hidden)}</Link>
          </li>
        )}
      </ul>
    </section>
  );
}
