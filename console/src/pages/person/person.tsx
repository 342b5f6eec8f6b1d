import { Page } from '../../parts/page.js';
import { words } from '../../words.js';

export function PersonPage({ appId, uid }: { readonly appId: string; readonly uid: string }) {
  return (
    <Page heading={words.pages.person}>
      <p>{`${appId} ${uid}`}</p>
    </Page>
  );
}
