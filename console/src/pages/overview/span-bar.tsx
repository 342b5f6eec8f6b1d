import { SPAN_NAMES, type Span, type SpanName } from '../../api/span.js';
import { Button } from '../../parts/button.js';
import { Choice } from '../../parts/choice.js';
import { formatTime } from '../../parts/format.js';
import { words } from '../../words.js';
import styles from './overview.module.css';

interface SpanBarProps {
  readonly span: Span;
  readonly onChoose: (name: SpanName) => void;
}

/** The choice of the span; after zooming, it names the part that is shown and leads back. */
export function SpanBar({ span, onChoose }: SpanBarProps) {
  return (
    <div className={styles.spans}>
      {!span.isLive && (
        <>
          <span className={styles.zoomed}>
            {words.overview.zoomed(formatTime(new Date(span.fromMs)), formatTime(new Date(span.toMs)))}
          </span>
          <Button look="bare" icon="refresh" onClick={() => onChoose('1h')}>
            {words.overview.backToNow}
          </Button>
        </>
      )}
      <Choice
        look="joined"
        label={words.common.span}
        options={SPAN_NAMES.map((name) => [name, words.spans[name]] as const)}
        value={span.isLive ? span.name : undefined}
        onChange={onChoose}
      />
    </div>
  );
}
