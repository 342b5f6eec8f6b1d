import { useFilters } from '../../api/filters.js';
import { useMayChange } from '../../api/session.js';
import { Notice } from '../../parts/notice.js';
import { Page } from '../../parts/page.js';
import { WithApps } from '../../parts/with-apps.js';
import { words } from '../../words.js';
import { NewReplay } from './new-replay.js';
import { ReplayList } from './replay-list.js';
import { ReplayView } from './replay-view.js';

const text = words.replay;

/** After an outage: count what failed, send it again, and watch the results. */
export function ReplayPage() {
  const [{ replay }, change] = useFilters(['replay']);
  const mayChange = useMayChange();
  return (
    <Page heading={words.pages.replay} intro={text.intro}>
      {mayChange ? (
        <WithApps>
          <NewReplay onStarted={({ id }) => change({ replay: id })} />
        </WithApps>
      ) : (
        <Notice tone="quiet">{text.viewer}</Notice>
      )}
      {replay !== undefined && <ReplayView key={replay} id={replay} />}
      <ReplayList />
    </Page>
  );
}
