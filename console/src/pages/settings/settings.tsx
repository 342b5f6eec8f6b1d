import { Page } from '../../parts/page.js';
import { words } from '../../words.js';

export function SettingsPage() {
  return (
    <Page heading={words.pages.settings}>
      <p>{words.common.loading}</p>
    </Page>
  );
}
