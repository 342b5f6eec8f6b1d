import { useEffect, useEffectEvent } from 'react';

const KEY = 'bellhop.keys';

/** Whether keys act without Ctrl or Alt: people who speak to their computer switch them off. */
export const areKeysOn = (): boolean => localStorage.getItem(KEY) !== 'off';

export function setKeysOn(isOn: boolean): void {
  if (isOn) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, 'off');
}

/** Calls back when a single key is pressed outside of text fields and dialogs. */
export function useKey(key: string, onPress: () => void): void {
  const press = useEffectEvent(onPress);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key !== key || event.ctrlKey || event.metaKey || event.altKey) return;
      if (!areKeysOn() || isBusy(event.target)) return;
      event.preventDefault();
      press();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [key]);
}

const isBusy = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest(
    'input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], [role=dialog]',
  ) !== null;
