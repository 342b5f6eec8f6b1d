import { useState } from 'react';
import { useAppId } from '../../api/app-choice.js';
import { useFilters } from '../../api/filters.js';
import { Button, LinkButton } from '../../parts/button.js';
import { Field } from '../../parts/field.js';
import { formatTime } from '../../parts/format.js';
import { Empty } from '../../parts/notice.js';
import { QueryView } from '../../parts/query-view.js';
import { stateWord, words } from '../../words.js';
import { useRecent, type Notification } from './queries.js';
import styles from './rules.module.css';

const text = words.rules;
const SHOWN_UID = 24;

export interface EventFormProps<Event> {
  readonly isBusy: boolean;
  /** The failed call, whose faults stand beside their fields. */
  readonly error: unknown;
  readonly onEvaluate: (event: Event) => void;
}

/** Chooses a notification of the ledger. */
export function RecentForm({
  isBusy,
  error,
  onEvaluate,
}: EventFormProps<{ readonly notificationId: string }>) {
  const query = useRecent(useAppId());
  const [{ notification = '' }, change] = useFilters(['notification']);
  const [isMissing, setMissing] = useState(false);
  const evaluate = () => {
    setMissing(notification === '');
    if (notification !== '') onEvaluate({ notificationId: notification });
  };
  return (
    <QueryView query={query} rows={2} failure={text.recentFailed}>
      {(recent) =>
        recent.length === 0 && notification === '' ? (
          <Empty title={text.noRecent} actions={<LinkButton href="/phones">{words.pages.phones}</LinkButton>}>
            {text.noRecentText}
          </Empty>
        ) : (
          <form
            className={styles.form}
            onSubmit={(event) => {
              event.preventDefault();
              evaluate();
            }}
          >
            <Field
              label={text.notification}
              error={error}
              path="notificationId"
              problem={isMissing ? text.required : undefined}
            >
              {(control) => (
                <select
                  {...control}
                  className={styles.wide}
                  value={notification}
                  onChange={({ target }) => change({ notification: target.value })}
                >
                  <option value="">{text.choose}</option>
                  {!recent.some(({ id }) => id === notification) && notification !== '' && (
                    <option value={notification}>{notification}</option>
                  )}
                  {recent.map((one) => (
                    <option key={one.id} value={one.id}>
                      {nameOf(one)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <div>
              <Button type="submit" look="main" icon="rules" isBusy={isBusy}>
                {text.evaluate}
              </Button>
            </div>
          </form>
        )
      }
    </QueryView>
  );
}

function nameOf({ receivedAt, kind, uid, status }: Notification): string {
  const shown = uid.length > SHOWN_UID ? `${uid.slice(0, SHOWN_UID)}…` : uid;
  return text.notificationOf(
    formatTime(new Date(receivedAt)),
    words.kinds[kind] ?? kind,
    shown,
    stateWord('status', status),
  );
}
