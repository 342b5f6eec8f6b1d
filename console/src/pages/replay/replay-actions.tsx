import { useState } from 'react';
import { useMayChange } from '../../api/session.js';
import { Button } from '../../parts/button.js';
import { ConfirmDialog } from '../../parts/dialog.js';
import { toast } from '../../parts/toast-list.js';
import { words } from '../../words.js';
import { useChange, type ReplayDetails, type RequestedState } from './queries.js';

const text = words.replay;
const DONE: Readonly<Record<RequestedState, string>> = {
  running: text.resumed,
  paused: text.paused,
  cancelled: text.cancelled,
};

/** Pause, resume, cancel; none once it has ended. */
export function ReplayActions({ replay: { id, state, sent } }: { readonly replay: ReplayDetails }) {
  const [isAsked, setAsked] = useState(false);
  const change = useChange(id);
  const mayChange = useMayChange();
  const to = (next: RequestedState) =>
    change.mutate(next, {
      onSuccess: () => toast.done(DONE[next]),
      onError: (error) => toast.failed(text.changeFailed, error),
    });
  const cancel = async () => {
    await change.mutateAsync('cancelled');
    toast.done(DONE.cancelled);
  };
  if (!mayChange || (state !== 'running' && state !== 'paused')) return null;
  return (
    <>
      {state === 'running' ? (
        <Button icon="pause" isBusy={change.isPending} onClick={() => to('paused')}>
          {text.pause}
        </Button>
      ) : (
        <Button icon="play" isBusy={change.isPending} onClick={() => to('running')}>
          {text.resume}
        </Button>
      )}
      <Button look="danger" icon="cross" onClick={() => setAsked(true)}>
        {text.cancel}
      </Button>
      <ConfirmDialog
        isOpen={isAsked}
        onClose={() => setAsked(false)}
        title={text.cancelTitle}
        description={text.cancelText(sent)}
        action={text.cancelAction}
        isDanger
        onConfirm={cancel}
      />
    </>
  );
}
