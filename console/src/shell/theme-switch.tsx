import { useState } from 'react';
import { Icon, type IconName } from '../parts/icon.js';
import { words } from '../words.js';
import { setTheme, storedTheme, THEMES, type Theme } from './theme.js';
import styles from './theme-switch.module.css';

const ICONS: Readonly<Record<Theme, IconName>> = { system: 'half', light: 'sun', dark: 'moon' };

export function ThemeSwitch() {
  const [chosen, setChosen] = useState(storedTheme);
  const choose = (theme: Theme) => {
    setTheme(theme);
    setChosen(theme);
  };
  return (
    <fieldset className={styles.switch}>
      <legend className="visually-hidden">{words.shell.theme.label}</legend>
      {THEMES.map((theme) => (
        <label key={theme} title={words.shell.theme[theme]}>
          <input
            type="radio"
            name="theme"
            className="visually-hidden"
            checked={theme === chosen}
            onChange={() => choose(theme)}
          />
          <Icon name={ICONS[theme]} />
          <span className="visually-hidden">{words.shell.theme[theme]}</span>
        </label>
      ))}
    </fieldset>
  );
}
