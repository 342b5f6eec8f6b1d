import { Icon } from '../../parts/icon.js';
import { Page } from '../../parts/page.js';
import { QueryView } from '../../parts/query-view.js';
import { words } from '../../words.js';
import { useQueues } from './queries.js';
import { QueueTable } from './queue-table.js';
import styles from './queues.module.css';

/** Bull Board: a page of its own, not of the console. */
const BOARD = '/admin/queues';

/** Jobs and workers of each queue. */
export function QueuesPage() {
  const query = useQueues();
  return (
    <Page
      heading={words.pages.queues}
      intro={words.queues.intro}
      actions={
        <a href={BOARD} className={styles.board}>
          <Icon name="link" />
          {words.queues.board}
        </a>
      }
    >
      <QueryView query={query} rows={8} failure={words.queues.failed}>
        {({ queues }) => <QueueTable queues={queues} />}
      </QueryView>
      <p className={styles.quiet}>{words.queues.boardText}</p>
    </Page>
  );
}
