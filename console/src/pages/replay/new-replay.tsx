import { useState } from 'react';
import { Button, Buttons } from '../../parts/button.js';
import { Answer, Form } from '../../parts/form.js';
import { Failure } from '../../parts/notice.js';
import { Section } from '../../parts/page.js';
import { toast } from '../../parts/toast-list.js';
import { words } from '../../words.js';
import { FilterForm } from './filter-form.js';
import { PreviewView } from './preview-view.js';
import { usePreview, useStart, type Replay } from './queries.js';
import { isCustom, reasonsOf, requestFilter, useReplayFilters } from './replay-filter.js';

const text = words.replay;
const DEFAULT_PER_SECOND = 20;
const MOST_PER_SECOND = 1_000;

/** The filter, what it would send, and the start. */
export function NewReplay({ onStarted }: { readonly onStarted: (replay: Replay) => void }) {
  const { filters, change, appId } = useReplayFilters();
  const [rate, setRate] = useState(String(DEFAULT_PER_SECOND));
  const [isTried, setTried] = useState(false);
  const preview = usePreview();
  const start = useStart();
  const perSecond = perSecondOf(rate);
  const problems = isTried
    ? {
        app: appId === undefined ? words.common.chooseApp : undefined,
        from: isCustom(filters) && filters.from === undefined ? words.common.required : undefined,
        reasons: reasonsOf(filters).length === 0 ? text.noReason : undefined,
      }
    : {};
  const count = () => {
    setTried(true);
    const filter = requestFilter(filters, appId, Date.now());
    if (filter && perSecond !== undefined) preview.mutate(filter);
  };
  // The count belongs to the filter before.
  const changeFilter: typeof change = (changes) => {
    preview.reset();
    change(changes);
  };
  const begin = async () => {
    if (!preview.data || perSecond === undefined) return;
    const replay = await start.mutateAsync({ filter: preview.data.filter, perSecond });
    preview.reset();
    toast.done(text.started);
    onStarted(replay);
  };
  return (
    <Section heading={text.heading} isPanel>
      <Form label={text.heading} onSubmit={count}>
        <FilterForm
          filters={filters}
          appId={appId}
          onChange={changeFilter}
          rate={rate}
          onRate={setRate}
          problems={{ ...problems, rate: perSecond === undefined ? text.badRate : undefined }}
          error={preview.error}
        />
        <Buttons>
          <Button
            type="submit"
            look={preview.data ? 'plain' : 'main'}
            icon="search"
            isBusy={preview.isPending}
          >
            {preview.data ? text.countAgain : text.count}
          </Button>
        </Buttons>
      </Form>
      {preview.isError && <Failure title={text.countFailed} error={preview.error} />}
      <Answer>
        {preview.isPending && <p>{text.counting}</p>}
        {preview.data && perSecond !== undefined && (
          <PreviewView {...preview.data} perSecond={perSecond} onStart={begin} />
        )}
      </Answer>
    </Section>
  );
}

function perSecondOf(rate: string): number | undefined {
  const value = Number(rate);
  return Number.isInteger(value) && value >= 1 && value <= MOST_PER_SECOND ? value : undefined;
}
