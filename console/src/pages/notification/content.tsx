import { useSession } from '../../api/session.js';
import { Button } from '../../parts/button.js';
import { Marked } from '../../parts/marked.js';
import { Failure, Loading } from '../../parts/notice.js';
import { Section } from '../../parts/page.js';
import { words } from '../../words.js';
import { useContent } from './queries.js';
import styles from './notification.module.css';

const text = words.story.content;

/** The content: hidden until somebody asks for it, which the audit log records. */
export function Content({ id }: { readonly id: string }) {
  const content = useContent(id);
  const isViewer = useSession().data?.role === 'viewer';
  const show = () => content.mutate();
  return (
    <Section
      heading={text.heading}
      isPanel
      actions={
        content.isSuccess ? (
          <Button onClick={content.reset}>{text.hide}</Button>
        ) : (
          <Button isBusy={content.isPending} onClick={show}>
            {text.show}
          </Button>
        )
      }
    >
      <div aria-live="polite" className={styles.answer}>
        {content.isIdle && <p className={styles.quiet}>{isViewer ? text.hiddenOfViewer : text.hidden}</p>}
        {content.isPending && <Loading />}
        {content.isError && <Failure error={content.error} title={text.failed} onRetry={show} />}
        {content.isSuccess && (
          <>
            {!content.data.isShown && (
              <p className={styles.quiet}>
                <Marked text={text.onlyLengths} />
              </p>
            )}
            <pre className={styles.json} dir="auto" tabIndex={0} role="region" aria-label={text.label}>
              {JSON.stringify(content.data.content, undefined, 2)}
            </pre>
          </>
        )}
      </div>
    </Section>
  );
}
