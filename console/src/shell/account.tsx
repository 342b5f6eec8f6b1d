import { useState } from 'react';
import { logOut, useSession } from '../api/session.js';
import { Button } from '../parts/button.js';
import { Icon } from '../parts/icon.js';
import { toast } from '../parts/toast-list.js';
import { words } from '../words.js';
import { ThemeSwitch } from './theme-switch.js';
import styles from './account.module.css';

/** Who is logged in, the theme, and the way out. */
export function Account() {
  const session = useSession().data;
  const [isBusy, setBusy] = useState(false);
  const leave = async () => {
    setBusy(true);
    try {
      await logOut();
    } catch (error) {
      toast.failed(words.failure.title, error);
      setBusy(false);
    }
  };
  return (
    <section className={styles.account} aria-label={words.shell.account}>
      <ThemeSwitch />
      {session && (
        <p className={styles.user}>
          <Icon name="user" />
          <span>
            <b>{session.username}</b>
            <br />
            <span className={styles.role}>{words.shell.roles[session.role] ?? session.role}</span>
          </span>
        </p>
      )}
      <Button icon="logout" isBusy={isBusy} onClick={() => void leave()}>
        {words.shell.logOut}
      </Button>
    </section>
  );
}
