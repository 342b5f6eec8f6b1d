import { Page } from '../../parts/page.js';
import { words } from '../../words.js';

export function NotificationPage({ id }: { readonly id: string }) {
  return (
    <Page heading={words.pages.notification}>
      <p>{id}</p>
    </Page>
  );
}
