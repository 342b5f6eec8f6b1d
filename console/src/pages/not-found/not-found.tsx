import { LinkButton } from '../../parts/button.js';
import { Empty } from '../../parts/notice.js';
import { Page } from '../../parts/page.js';
import { words } from '../../words.js';

export function NotFoundPage() {
  return (
    <Page heading={words.pages.notFound}>
      <Empty
        title={words.notFound.text}
        actions={<LinkButton href="/">{words.notFound.toOverview}</LinkButton>}
      >
        {window.location.pathname}
      </Empty>
    </Page>
  );
}
