import { useSpan } from '../../api/span.js';
import { Page } from '../../parts/page.js';
import { words } from '../../words.js';
import { FirstSteps } from './first-steps.js';
import { Plots } from './plots.js';
import { Problems } from './problems.js';
import { SpanBar } from './span-bar.js';
import { SpendToday } from './spend-today.js';

/** Current problems and recent traffic. Each part has a call of its own, and fails alone. */
export function OverviewPage() {
  const { span, choose, zoom } = useSpan();
  return (
    <Page heading={words.pages.overview} actions={<SpanBar span={span} onChoose={choose} />}>
      <Problems />
      <FirstSteps />
      <Plots span={span} onZoom={zoom} />
      <SpendToday />
    </Page>
  );
}
