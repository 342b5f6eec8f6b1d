import { Page } from '../../parts/page.js';
import { words } from '../../words.js';

export function QueuesPage() {
  return (
    <Page heading={words.pages.queues}>
      <p>{words.common.loading}</p>
    </Page>
  );
}
