import { Page } from '../../parts/page.js';
import { words } from '../../words.js';

export function NotificationsPage() {
  return (
    <Page heading={words.pages.notifications}>
      <p>{words.common.loading}</p>
    </Page>
  );
}
