import { useState } from 'react';
import { IconButton } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { words } from '../words.js';
import { areKeysOn, setKeysOn, useKey } from './keys.js';
import styles from './keys-help.module.css';

const KEYS: readonly (readonly [keys: readonly string[], meaning: string])[] = [
  [['/'], words.keys.search],
  [['?'], words.keys.help],
  [['↓', '↑', 'j', 'k'], words.keys.rows],
  [['Home', 'End'], words.keys.ends],
  [['Enter'], words.keys.openRow],
  [['Esc'], words.keys.close],
];

/** A button and `?` that list the keys. */
export function KeysHelp() {
  const [isOpen, setOpen] = useState(false);
  const [isOn, setOn] = useState(areKeysOn);
  useKey('?', () => setOpen(true));
  const change = (next: boolean) => {
    setKeysOn(next);
    setOn(next);
  };
  return (
    <>
      <IconButton icon="keyboard" label={words.keys.title} onClick={() => setOpen(true)} />
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title={words.keys.title}>
        <dl className={styles.keys}>
          {KEYS.map(([keys, meaning]) => (
            <div key={meaning}>
              <dt>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
        <label className={styles.switch}>
          <input type="checkbox" checked={isOn} onChange={({ target }) => change(target.checked)} />
          <span>
            {words.keys.switch}
            <br />
            <small>{words.keys.switchHint}</small>
          </span>
        </label>
      </Dialog>
    </>
  );
}
