import { useAppId, useApps, useChooseApp } from '../api/app-choice.js';
import { words } from '../words.js';
import styles from './app-switch.module.css';

/** Which app's data the pages show. A gateway with a single app needs none. */
export function AppSwitch() {
  const appId = useAppId();
  const choose = useChooseApp();
  const apps = useApps().data ?? [];
  if (apps.length < 2) return null;
  return (
    <select
      className={styles.switch}
      aria-label={words.common.app}
      value={appId ?? ''}
      onChange={({ target }) => choose(target.value === '' ? undefined : target.value)}
    >
      <option value="">{words.common.allApps}</option>
      {apps.map((app) => (
        <option key={app} value={app}>
          {app}
        </option>
      ))}
    </select>
  );
}
