import { useState } from 'react';
import { ApiError } from '../../api/api-error.js';
import { personHref } from '../../api/page-href.js';
import { useMayChange } from '../../api/session.js';
import { Button, LinkButton } from '../../parts/button.js';
import { Explanation } from '../../parts/explanation.js';
import { Marked } from '../../parts/marked.js';
import { Empty } from '../../parts/notice.js';
import { Page, Section } from '../../parts/page.js';
import { QueryView } from '../../parts/query-view.js';
import { StateLabel } from '../../parts/state-label.js';
import { lookOf } from '../../parts/states.js';
import { Time } from '../../parts/time.js';
import { wordOf, words } from '../../words.js';
import { Content } from './content.js';
import { useStory, type Story } from '../../api/story.js';
import { ResendDialog } from './resend-dialog.js';
import { shortened } from '../../parts/shortened.js';
import { Side } from './side.js';
import { Timeline } from './timeline.js';
import styles from './notification.module.css';

const text = words.story;

/** The story of a notification: what became of it, why, and what to do. */
export function NotificationPage({ id }: { readonly id: string }) {
  const query = useStory(id);
  if (query.error instanceof ApiError && query.error.code === 'NOTIFICATION.NOT_FOUND') return <Missing />;
  const story = query.data;
  const kind = story && whatOf(story);
  return (
    <Page
      heading={story && kind ? text.heading(kind, shortened(story.uid)) : words.pages.notification}
      intro={story && <Received story={story} />}
      actions={story && <Actions story={story} />}
    >
      <QueryView query={query} rows={8} failure={text.failed}>
        {(shown) => (
          <div className={styles.columns}>
            <div className={styles.main}>
              <Verdict story={shown} />
              <Section heading={text.timeline} isPanel>
                <Timeline story={shown} />
              </Section>
              <Content id={shown.id} />
            </div>
            <Side story={shown} />
          </div>
        )}
      </QueryView>
    </Page>
  );
}

/** A message, a call; of the backend, a push or an SMS. */
const whatOf = ({ kind, channel }: Story): string =>
  kind === 'api' ? wordOf('channels', channel) : wordOf('kinds', kind);

function Missing() {
  return (
    <Page heading={words.pages.notification}>
      <Empty title={text.missing} actions={<LinkButton href="/notifications">{text.toList}</LinkButton>}>
        {text.missingText}
      </Empty>
    </Page>
  );
}

const Received = ({ story: { receivedAt, source } }: { readonly story: Story }) => (
  <>
    <Time at={receivedAt} isRelative />
    {source !== null && ` · ${wordOf('sources', source)}`}
  </>
);

function Actions({ story }: { readonly story: Story }) {
  const [isOpen, setOpen] = useState(false);
  const mayChange = useMayChange();
  const { appId, uid } = story;
  return (
    <>
      <LinkButton icon="user" href={personHref(appId, uid)}>
        {text.person}
      </LinkButton>
      {mayChange && (
        <>
          <Button look="main" icon="replay" onClick={() => setOpen(true)}>
            {text.actions.resend}
          </Button>
          <ResendDialog isOpen={isOpen} onClose={() => setOpen(false)} story={story} />
        </>
      )}
    </>
  );
}

/** The outcome in a sentence or two. */
function Verdict({ story: { status, explanation } }: { readonly story: Story }) {
  return (
    <section className={styles.verdict} data-tone={lookOf('status', status).tone} aria-label={text.verdict}>
      <p>
        <StateLabel kind="status" state={status} />
      </p>
      <p className={styles.summary} role="status">
        <Marked text={explanation.summary} />
      </p>
      <Explanation {...explanation} />
    </section>
  );
}
