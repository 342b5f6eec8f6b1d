import { useState, type ReactNode } from 'react';
import { useTheApp } from '../../api/app-choice.js';
import { AppField } from '../../parts/app-field.js';
import { Button } from '../../parts/button.js';
import { Answer } from '../../parts/form.js';
import { Empty, Failure, Loading } from '../../parts/notice.js';
import { words } from '../../words.js';
import type { Filters } from './filters.js';
import { InquiryView } from './inquiry-view.js';
import { useInquiry } from './queries.js';

const MESSAGE_ID = /^\d{1,19}$/;
const text = words.nothingCame;

interface NothingCameProps {
  readonly filters: Filters;
  readonly appId: string | undefined;
  /** Other ways to go on. */
  readonly children: ReactNode;
}

/** In place of the list if the ledger has nothing of a user or message: CometChat may say why. */
export function NothingCame({ filters: { uid, tag }, appId, children }: NothingCameProps) {
  const theApp = useTheApp();
  const [chosen, setChosen] = useState<string>();
  const inquiry = useInquiry();
  const app = theApp ?? chosen;
  const messageId = tag !== undefined && MESSAGE_ID.test(tag) ? tag : undefined;
  const canAsk = uid !== undefined || messageId !== undefined;
  const ask = () => {
    if (app)
      inquiry.mutate({
        appId: app,
        ...(uid !== undefined && { uid }),
        ...(messageId !== undefined && { messageId }),
      });
  };
  return (
    <>
      <Empty
        title={tag === undefined ? text.titleOfUid : text.title}
        actions={
          <>
            {canAsk && (
              <Button look="main" icon="question" isBusy={inquiry.isPending} disabled={!app} onClick={ask}>
                {inquiry.isIdle ? text.ask : text.again}
              </Button>
            )}
            {children}
          </>
        }
      >
        <p>{text.text}</p>
        {!canAsk && <p>{text.tagOnly}</p>}
        {canAsk && appId === undefined && <AppField value={app} onChange={setChosen} />}
      </Empty>
      <Answer>
        {inquiry.isPending && <Loading />}
        {inquiry.isError && <Failure error={inquiry.error} title={text.failed} onRetry={ask} />}
        {inquiry.isSuccess && <InquiryView inquiry={inquiry.data} />}
      </Answer>
    </>
  );
}
