import { useFilters } from '../../api/filters.js';
import { Answer } from '../../parts/form.js';
import { Failure } from '../../parts/notice.js';
import { Page, Section } from '../../parts/page.js';
import { Tabs } from '../../parts/tabs.js';
import { WithApps } from '../../parts/with-apps.js';
import { words } from '../../words.js';
import { EvaluationView } from './evaluation-view.js';
import { PasteForm } from './paste-form.js';
import { useEvaluate } from './queries.js';
import { RecentForm } from './recent-form.js';

const text = words.rules;

/** A rehearsal of the rules: an event goes in, and the page shows what would be sent. */
export function RulesPage() {
  const [{ source = 'recent' }, change] = useFilters(['source']);
  const evaluate = useEvaluate();
  const form = { isBusy: evaluate.isPending, error: evaluate.error, onEvaluate: evaluate.mutate };
  const choose = (next: string) => {
    evaluate.reset();
    change({ source: next === 'recent' ? undefined : next });
  };
  return (
    <Page heading={words.pages.rules} intro={text.intro}>
      <Section heading={text.source} isPanel>
        <Tabs
          label={text.source}
          value={source === 'paste' ? 'paste' : 'recent'}
          onChange={choose}
          tabs={[
            { value: 'recent', label: text.recent, content: <RecentForm {...form} /> },
            {
              value: 'paste',
              label: text.paste,
              content: (
                <WithApps>
                  <PasteForm {...form} />
                </WithApps>
              ),
            },
          ]}
        />
      </Section>
      {evaluate.isError && <Failure title={text.evaluateFailed} error={evaluate.error} />}
      <Answer isBusy={evaluate.isPending}>
        {evaluate.data && <EvaluationView evaluation={evaluate.data} />}
      </Answer>
    </Page>
  );
}
