import { Page } from '../../parts/page.js';
import { words } from '../../words.js';

export function AuditPage() {
  return (
    <Page heading={words.pages.audit}>
      <p>{words.common.loading}</p>
    </Page>
  );
}
