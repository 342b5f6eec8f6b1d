import { Page } from '../../parts/page.js';
import { words } from '../../words.js';

export function OverviewPage() {
  return (
    <Page heading={words.pages.overview}>
      <p>{words.common.loading}</p>
    </Page>
  );
}
