import { ConfirmDialog } from '../../parts/dialog.js';
import { toast } from '../../parts/toast-list.js';
import { words } from '../../words.js';
import type { Provider } from '../../api/providers.js';
import { useRelease } from './queries.js';

const text = words.providers;

interface ReleaseDialogProps {
  readonly provider: Provider;
  readonly onClose: () => void;
}

/** Asks before a circuit breaker is closed by hand. */
export function ReleaseDialog({ provider, onClose }: ReleaseDialogProps) {
  const release = useRelease(provider);
  const confirm = async () => {
    await release.mutateAsync();
    toast.done(text.released(provider.id));
  };
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={text.releaseTitle(provider.id)}
      description={text.releaseText}
      action={text.release}
      onConfirm={confirm}
    />
  );
}
