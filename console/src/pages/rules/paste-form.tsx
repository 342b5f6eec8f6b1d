import { useState } from 'react';
import { useAppId, useApps } from '../../api/app-choice.js';
import { Button } from '../../parts/button.js';
import { Field, FieldRow } from '../../parts/field.js';
import { words } from '../../words.js';
import { exampleData, readEvent } from './pasted-event.js';
import type { Channel, GivenEvent } from './queries.js';
import type { EventFormProps } from './recent-form.js';
import styles from './rules.module.css';

const text = words.rules;
const CHANNELS = ['push', 'sms'] as const satisfies readonly Channel[];

/** Takes the data of a webhook. It stays in the page: it holds contents. */
export function PasteForm({ isBusy, error, onEvaluate }: EventFormProps<GivenEvent>) {
  const chosen = useAppId();
  const apps = useApps().data ?? [];
  const [picked, setPicked] = useState<string>();
  const [channel, setChannel] = useState<Channel>('push');
  const [json, setJson] = useState('');
  const [problems, setProblems] = useState<{ data?: string | undefined; app?: string | undefined }>({});
  const appId = picked ?? chosen ?? (apps.length === 1 ? apps[0] : undefined);
  const evaluate = () => {
    const read = readEvent(json);
    setProblems({ data: read.problem, app: appId === undefined ? text.required : undefined });
    if (read.data && appId !== undefined) onEvaluate({ appId, channel, data: read.data });
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        evaluate();
      }}
    >
      <FieldRow>
        {apps.length > 1 && (
          <Field label={words.common.app} error={error} path="appId" problem={problems.app}>
            {(control) => (
              <select
                {...control}
                value={appId ?? ''}
                onChange={({ target }) => setPicked(target.value || undefined)}
              >
                <option value="">{text.chooseApp}</option>
                {apps.map((app) => (
                  <option key={app} value={app}>
                    {app}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <Field label={words.common.channel} error={error} path="channel">
          {(control) => (
            <select
              {...control}
              value={channel}
              onChange={({ target }) => setChannel(CHANNELS.find((one) => one === target.value) ?? 'push')}
            >
              {CHANNELS.map((one) => (
                <option key={one} value={one}>
                  {words.channels[one] ?? one}
                </option>
              ))}
            </select>
          )}
        </Field>
      </FieldRow>
      <Field label={text.data} hint={text.dataHint} error={error} path="data" problem={problems.data}>
        {(control) => (
          <textarea
            {...control}
            className={styles.json}
            rows={12}
            spellCheck={false}
            autoComplete="off"
            value={json}
            onChange={({ target }) => setJson(target.value)}
          />
        )}
      </Field>
      <div className={styles.actions}>
        <Button type="submit" look="main" icon="rules" isBusy={isBusy}>
          {text.evaluate}
        </Button>
        <Button onClick={() => setJson(exampleData(channel))}>{text.example}</Button>
      </div>
    </form>
  );
}
