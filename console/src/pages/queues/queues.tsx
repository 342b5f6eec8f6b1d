import { OutsideLinkButton } from '../../parts/button.js';
import { Page } from '../../parts/page.js';
import { QueryView } from '../../parts/query-view.js';
import { words } from '../../words.js';
import { useQueues } from './queries.js';
import { QueueTable } from './queue-table.js';

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
        <OutsideLinkButton href={BOARD} icon="link">
          {words.queues.board}
        </OutsideLinkButton>
      }
    >
      <QueryView query={query} rows={8} failure={words.queues.failed}>
        {({ queues }) => <QueueTable queues={queues} />}
      </QueryView>
      <p className="quiet">{words.queues.boardText}</p>
    </Page>
  );
}
