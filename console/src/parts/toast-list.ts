import { textOf } from './notice.js';

export interface ToastEntry {
  readonly id: number;
  readonly tone: 'good' | 'bad';
  readonly title: string;
  readonly text: string | undefined;
}

let entries: readonly ToastEntry[] = [];
let nextId = 0;
const listeners = new Set<() => void>();

function change(changed: readonly ToastEntry[]): void {
  entries = changed;
  for (const listener of listeners) listener();
}

const add = (entry: Omit<ToastEntry, 'id'>): void => change([...entries, { ...entry, id: nextId++ }]);

/** Says that something was done, or failed, when the place that shows it is gone. */
export const toast = {
  done: (title: string, text?: string): void => add({ tone: 'good', title, text }),
  failed: (title: string, error: unknown): void => add({ tone: 'bad', title, text: textOf(error) }),
};

/** For `useSyncExternalStore`. */
export const toastList = {
  current: (): readonly ToastEntry[] => entries,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  remove: (id: number): void => change(entries.filter((entry) => entry.id !== id)),
};
