import { Page } from '../../parts/page.js';
import { words } from '../../words.js';

export function ReplayPage() {
  return (
    <Page heading={words.pages.replay}>
      <p>{words.common.loading}</p>
    </Page>
  );
}
