import { useEffect, useRef, useState } from 'react';
import { Button } from '../../parts/button.js';
import { Failure } from '../../parts/notice.js';
import { saveFile } from '../../parts/save-file.js';
import { toast } from '../../parts/toast-list.js';
import { words } from '../../words.js';
import { Export, fileName } from './export.js';
import { listQuery, type Filters } from './filters.js';
import styles from './notifications.module.css';

interface ExportState {
  readonly count: number;
  readonly error?: unknown;
}

interface ExportButtonProps {
  readonly filters: Filters;
  readonly appId: string | undefined;
}

/** Saves everything that the filters find as a file with one JSON object a line. */
export function ExportButton({ filters, appId }: ExportButtonProps) {
  const [state, setState] = useState<ExportState>();
  const running = useRef<AbortController>(undefined);
  const current = useRef<Export>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const run = async (one: Export) => {
    const stop = new AbortController();
    running.current = stop;
    current.current = one;
    setState({ count: one.count });
    try {
      const blob = await one.read(stop.signal, (count) => setState({ count }));
      saveFile(blob, fileName(new Date()));
      toast.done(words.notifications.exported(one.count));
      setState(undefined);
    } catch (error) {
      setState(stop.signal.aborted ? undefined : { count: one.count, error });
    }
  };
  const start = () => void run(new Export(listQuery(filters, appId, Date.now())));
  const goOn = () => current.current && run(current.current);

  if (state?.error !== undefined)
    return <Failure error={state.error} title={words.notifications.exportFailed} onRetry={goOn} />;
  if (!state)
    return (
      <Button icon="down" onClick={start}>
        {words.notifications.exportAs}
      </Button>
    );
  return (
    <div className={styles.exporting}>
      <span role="status">{words.notifications.exporting(state.count)}</span>
      <Button icon="cross" onClick={() => running.current?.abort()}>
        {words.notifications.stopExport}
      </Button>
    </div>
  );
}
