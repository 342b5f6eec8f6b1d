import { useState } from 'react';
import { useAppId } from '../../api/app-choice.js';
import { useFilters } from '../../api/filters.js';
import { Button, LinkButton } from '../../parts/button.js';
import { Form } from '../../parts/form.js';
import { formatTime } from '../../parts/format.js';
import { Empty } from '../../parts/notice.js';
import { QueryView } from '../../parts/query-view.js';
import { SelectField } from '../../parts/select-field.js';
import { shortened } from '../../parts/shortened.js';
import { stateWord, wordOf, words } from '../../words.js';
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
          <Form onSubmit={evaluate}>
            <SelectField
              label={text.notification}
              error={error}
              path="notificationId"
              problem={isMissing ? words.common.required : undefined}
              className={styles.wide}
              options={[['', text.choose], ...recent.map((one) => [one.id, nameOf(one)] as const)]}
              value={notification}
              onChange={(id) => change({ notification: id })}
            />
            <div>
              <Button type="submit" look="main" icon="rules" isBusy={isBusy}>
                {text.evaluate}
              </Button>
            </div>
          </Form>
        )
      }
    </QueryView>
  );
}

function nameOf({ receivedAt, kind, uid, status }: Notification): string {
  return text.notificationOf(
    formatTime(new Date(receivedAt)),
    wordOf('kinds', kind),
    shortened(uid, SHOWN_UID),
    stateWord('status', status),
  );
}
