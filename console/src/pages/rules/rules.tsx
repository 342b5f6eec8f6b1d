import { Page } from '../../parts/page.js';
import { words } from '../../words.js';

export function RulesPage() {
  return (
    <Page heading={words.pages.rules}>
      <p>{words.common.loading}</p>
    </Page>
  );
}
