import { useState } from 'react';
import { Button } from '../../parts/button.js';
import { Failure } from '../../parts/notice.js';
import { Section } from '../../parts/page.js';
import { toast } from '../../parts/toast-list.js';
import { words } from '../../words.js';
import { FilterForm } from './filter-form.js';
import { PreviewView } from './preview-view.js';
import { usePreview, useStart, type Replay } from './queries.js';
import { isCustom, reasonsOf, requestFilter, useReplayFilters } from './replay-filter.js';
import styles from './replay.module.css';

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
        app: appId === undefined ? text.chooseApp : undefined,
        from: isCustom(filters) && filters.from === undefined ? text.needsFrom : undefined,
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
      <form
        aria-label={text.heading}
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          count();
        }}
      >
        <FilterForm
          filters={filters}
          appId={appId}
          onChange={changeFilter}
          rate={rate}
          onRate={setRate}
          problems={{ ...problems, rate: perSecond === undefined ? text.badRate : undefined }}
          error={preview.error}
        />
        <div className={styles.actions}>
          <Button
            type="submit"
            look={preview.data ? 'plain' : 'main'}
            icon="search"
            isBusy={preview.isPending}
          >
            {preview.data ? text.countAgain : text.count}
          </Button>
        </div>
      </form>
      {preview.isError && <Failure title={text.countFailed} error={preview.error} />}
      <div role="status" className={styles.preview}>
        {preview.isPending && <p>{text.counting}</p>}
        {preview.data && perSecond !== undefined && (
          <PreviewView {...preview.data} perSecond={perSecond} onStart={begin} />
        )}
      </div>
    </Section>
  );
}

function perSecondOf(rate: string): number | undefined {
  const value = Number(rate);
  return Number.isInteger(value) && value >= 1 && value <= MOST_PER_SECOND ? value : undefined;
}
