import { useId, useState } from 'react';
import { Button, IconButton } from '../../parts/button.js';
import { Choice } from '../../parts/choice.js';
import { Field } from '../../parts/field.js';
import { Form } from '../../parts/form.js';
import { Failure } from '../../parts/notice.js';
import { Section } from '../../parts/page.js';
import { ApiError } from '../../api/api-error.js';
import { words } from '../../words.js';
import type { PlayLog } from './play-log.js';
import type { PlayRequest } from './queries.js';
import styles from './play-panel.module.css';

const texts = words.phones.play;
type Kind = PlayRequest['kind'];
const KINDS = [
  'message',
  'call',
  'sms',
  'group',
  'reaction',
  'missed_call',
] as const satisfies readonly Kind[];
type KindWithText = keyof typeof texts.texts;
const SIZE = { min: 2, max: 50, default: 4 } as const;

interface PlayPanelProps {
  /** Users with phones. */
  readonly uids: readonly string[];
  readonly log: PlayLog;
}

/** Plays what CometChat would send. */
export function PlayPanel({ uids, log }: PlayPanelProps) {
  const [kind, setKind] = useState<Kind>('message');
  const [to, setTo] = useState(uids[0] ?? 'ann');
  const [from, setFrom] = useState(uids.find((uid) => uid !== to) ?? 'bob');
  const [written, setWritten] = useState<Readonly<Record<KindWithText, string>>>(texts.texts);
  const [size, setSize] = useState<number>(SIZE.default);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const known = useId();
  const withText = hasText(kind) ? kind : undefined;

  const swap = () => {
    setFrom(to);
    setTo(from);
  };
  const submit = async () => {
    if (isBusy) return;
    setBusy(true);
    setError(undefined);
    try {
      const request = {
        ...{ kind, from, to },
        ...(withText && { text: written[withText] }),
        ...(kind === 'group' && { group: { size } }),
      };
      await log.play(request, textOf(kind, { from, to, size }));
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Section heading={texts.heading} isPanel>
      <Form onSubmit={submit}>
        <Choice
          label={texts.kind}
          options={KINDS.map((one) => [one, texts.kinds[one]] as const)}
          value={kind}
          onChange={setKind}
        />
        <p className={styles.hint}>{texts.hints[kind]}</p>
        <div className={styles.people}>
          <Field label={texts.from} error={error} path="from">
            {(control) => (
              <input
                {...control}
                list={known}
                required
                value={from}
                onChange={(event) => setFrom(event.target.value)}
              />
            )}
          </Field>
          <IconButton icon="arrow" label={texts.swap} onClick={swap} />
          <Field label={texts.to} error={error} path="to">
            {(control) => (
              <input
                {...control}
                list={known}
                required
                value={to}
                onChange={(event) => setTo(event.target.value)}
              />
            )}
          </Field>
          <datalist id={known}>
            {uids.map((uid) => (
              <option key={uid} value={uid} />
            ))}
          </datalist>
        </div>
        {withText && (
          <Field label={withText === 'reaction' ? texts.emoji : texts.text} error={error} path="text">
            {(control) => (
              <textarea
                {...control}
                className={styles.text}
                dir="auto"
                required
                rows={withText === 'reaction' ? 1 : 2}
                maxLength={5_000}
                value={written[withText]}
                onChange={(event) => setWritten({ ...written, [withText]: event.target.value })}
              />
            )}
          </Field>
        )}
        {kind === 'group' && (
          <Field label={texts.size} error={error} path="group.size">
            {(control) => (
              <input
                {...control}
                type="number"
                required
                min={SIZE.min}
                max={SIZE.max}
                value={size}
                onChange={(event) => setSize(event.target.valueAsNumber)}
              />
            )}
          </Field>
        )}
        {error !== undefined && !isOfFields(error) && <Failure error={error} />}
        <Button type="submit" look="main" icon={kind === 'call' ? 'call' : 'play'} isBusy={isBusy}>
          {texts.actions[kind]}
        </Button>
      </Form>
    </Section>
  );
}

const FIELDS: ReadonlySet<string> = new Set(['from', 'to', 'text', 'group.size']);

/** Whether each fault stands beside its field. */
const isOfFields = (error: unknown): boolean =>
  error instanceof ApiError && error.errors.length > 0 && error.errors.every(({ path }) => FIELDS.has(path));

const hasText = (kind: Kind): kind is KindWithText => kind in texts.texts;

function textOf(
  kind: Kind,
  { from, to, size }: { readonly from: string; readonly to: string; readonly size: number },
): string {
  return kind === 'group' ? words.phones.plays.group(from, size) : words.phones.plays[kind](from, to);
}
