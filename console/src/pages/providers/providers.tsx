import { Page } from '../../parts/page.js';
import { words } from '../../words.js';

export function ProvidersPage() {
  return (
    <Page heading={words.pages.providers}>
      <p>{words.common.loading}</p>
    </Page>
  );
}
