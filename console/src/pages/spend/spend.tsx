import { Page } from '../../parts/page.js';
import { words } from '../../words.js';

export function SpendPage() {
  return (
    <Page heading={words.pages.spend}>
      <p>{words.common.loading}</p>
    </Page>
  );
}
