import { useState } from 'react';
import { useTheApp } from '../../api/app-choice.js';
import { AppField } from '../../parts/app-field.js';
import { Button, Buttons } from '../../parts/button.js';
import { Field, FieldRow } from '../../parts/field.js';
import { Form } from '../../parts/form.js';
import { SelectField } from '../../parts/select-field.js';
import { wordOf, words } from '../../words.js';
import { exampleData, readEvent } from './pasted-event.js';
import type { Channel, GivenEvent } from './queries.js';
import type { EventFormProps } from './recent-form.js';
import styles from './rules.module.css';

const text = words.rules;
const CHANNELS = ['push', 'sms'] as const satisfies readonly Channel[];

/** Takes the data of a webhook. It stays in the page: it holds contents. */
export function PasteForm({ isBusy, error, onEvaluate }: EventFormProps<GivenEvent>) {
  const chosen = useTheApp();
  const [picked, setPicked] = useState<string>();
  const [channel, setChannel] = useState<Channel>('push');
  const [json, setJson] = useState('');
  const [problems, setProblems] = useState<{ data?: string | undefined; app?: string | undefined }>({});
  const appId = picked ?? chosen;
  const evaluate = () => {
    const read = readEvent(json);
    setProblems({ data: read.problem, app: appId === undefined ? words.common.required : undefined });
    if (read.data && appId !== undefined) onEvaluate({ appId, channel, data: read.data });
  };
  return (
    <Form onSubmit={evaluate}>
      <FieldRow>
        <AppField value={appId} onChange={setPicked} error={error} problem={problems.app} />
        <SelectField
          label={words.common.channel}
          error={error}
          path="channel"
          options={CHANNELS.map((one) => [one, wordOf('channels', one)] as const)}
          value={channel}
          onChange={setChannel}
        />
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
      <Buttons>
        <Button type="submit" look="main" icon="rules" isBusy={isBusy}>
          {text.evaluate}
        </Button>
        <Button onClick={() => setJson(exampleData(channel))}>{text.example}</Button>
      </Buttons>
    </Form>
  );
}
