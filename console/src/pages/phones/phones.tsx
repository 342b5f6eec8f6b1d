import { Page } from '../../parts/page.js';
import { words } from '../../words.js';

export function PhonesPage() {
  return (
    <Page heading={words.pages.phones}>
      <p>{words.common.loading}</p>
    </Page>
  );
}
