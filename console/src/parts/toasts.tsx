import { Toast } from '@base-ui/react/toast';
import { words } from '../words.js';
import { IconButton } from './button.js';
import { Icon } from './icon.js';
import { textOf } from './notice.js';
import styles from './toasts.module.css';

const manager = Toast.createToastManager();

/** Says that something was done, or failed, when the place that shows it is gone. */
export const toast = {
  done: (title: string, description?: string) =>
    manager.add({ type: 'good', title, ...(description !== undefined && { description }) }),
  failed: (title: string, error: unknown) =>
    manager.add({ type: 'bad', title, description: textOf(error), timeout: 0, priority: 'high' }),
};

/** The corner where toasts appear; once, in the shell. */
export function Toasts() {
  return (
    <Toast.Provider toastManager={manager} timeout={6_000}>
      <Toast.Portal>
        <Toast.Viewport className={styles.viewport}>
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function List() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((one) => (
    <Toast.Root key={one.id} toast={one} className={styles.toast} data-tone={one.type}>
      <Toast.Content className={styles.content}>
        <Icon name={one.type === 'bad' ? 'warning' : 'check'} />
        <div>
          <Toast.Title className={styles.title} render={<p />} />
          <Toast.Description />
        </div>
        <Toast.Close render={<IconButton icon="cross" label={words.common.close} />} />
      </Toast.Content>
    </Toast.Root>
  ));
}
