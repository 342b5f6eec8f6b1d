import { useEffect, useState, useSyncExternalStore } from 'react';
import { words } from '../words.js';
import { IconButton } from './button.js';
import { Icon } from './icon.js';
import { toastList, type ToastEntry } from './toast-list.js';
import styles from './toasts.module.css';

/** How long a message without a failure stays, in ms. */
const SHOWN_MS = 6_000;

/** The corner where toasts appear; once, in the shell. */
export function Toasts() {
  const entries = useSyncExternalStore(toastList.subscribe, toastList.current);
  return (
    // Read out as they come. It is there before them, because screen readers ignore a region that appears filled.
    <div role="status" className={styles.viewport}>
      {entries.map((entry) => (
        <Entry key={entry.id} entry={entry} />
      ))}
    </div>
  );
}

/** Failures stay until they are closed; others wait while the pointer or the focus is on them. */
function Entry({ entry: { id, tone, title, text } }: { readonly entry: ToastEntry }) {
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (tone === 'bad' || isHeld) return undefined;
    const timer = setTimeout(() => toastList.remove(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id, tone, isHeld]);
  const hold = () => setHeld(true);
  const release = () => setHeld(false);
  return (
    <div
      className={styles.toast}
      data-tone={tone}
      onPointerEnter={hold}
      onPointerLeave={release}
      onFocus={hold}
      onBlur={release}
    >
      <Icon name={tone === 'bad' ? 'warning' : 'check'} />
      <div>
        <p className={styles.title}>{title}</p>
        {text !== undefined && <p>{text}</p>}
      </div>
      <IconButton icon="cross" label={words.common.close} onClick={() => toastList.remove(id)} />
    </div>
  );
}
