import { useSession } from '../../api/session.js';
import { Button } from '../../parts/button.js';
import { Answer } from '../../parts/form.js';
import { Json } from '../../parts/json.js';
import { Marked } from '../../parts/marked.js';
import { Failure, Loading } from '../../parts/notice.js';
import { Section } from '../../parts/page.js';
import { words } from '../../words.js';
import { useContent } from './queries.js';

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
      <Answer>
        {content.isIdle && <p className="quiet">{isViewer ? text.hiddenOfViewer : text.hidden}</p>}
        {content.isPending && <Loading />}
        {content.isError && <Failure error={content.error} title={text.failed} onRetry={show} />}
        {content.isSuccess && (
          <>
            {!content.data.isShown && (
              <p className="quiet">
                <Marked text={text.onlyLengths} />
              </p>
            )}
            <Json value={content.data.content} label={text.label} />
          </>
        )}
      </Answer>
    </Section>
  );
}
