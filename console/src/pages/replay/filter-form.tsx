import { useId } from 'react';
import { useApps, useChooseApp } from '../../api/app-choice.js';
import { useProviderList } from '../../api/providers.js';
import { Field, FieldRow } from '../../parts/field.js';
import { localOf, momentOf } from '../../parts/local-time.js';
import { words } from '../../words.js';
import {
  FURTHER_REASONS,
  isCustom,
  reasonsOf,
  reasonsText,
  reasonWord,
  spanOf,
  USUAL_REASONS,
  type Filters,
  type Reason,
} from './replay-filter.js';
import styles from './replay.module.css';

const text = words.replay;
const CUSTOM = 'custom';

interface FilterFormProps {
  readonly filters: Filters;
  readonly appId: string | undefined;
  readonly onChange: (changes: Partial<Record<keyof Filters, string | undefined>>) => void;
  readonly rate: string;
  readonly onRate: (rate: string) => void;
  readonly problems: Partial<Record<'app' | 'from' | 'reasons' | 'rate', string | undefined>>;
  /** The failed call, whose faults stand beside their fields. */
  readonly error: unknown;
}

/** Which notifications, and how fast. */
export function FilterForm({ filters, appId, onChange, rate, onRate, problems, error }: FilterFormProps) {
  const choose = (span: string) =>
    onChange(
      span === CUSTOM
        ? { span: CUSTOM, from: new Date(Date.now() - 3_600_000).toISOString() }
        : { span, from: undefined, to: undefined },
    );
  const custom = isCustom(filters);
  return (
    <>
      <FieldRow>
        <AppField appId={appId} problem={problems.app} />
        <Field label={text.span}>
          {(control) => (
            <select
              {...control}
              value={custom ? CUSTOM : spanOf(filters)}
              onChange={({ target }) => choose(target.value)}
            >
              {Object.entries(text.spans).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
              <option value={CUSTOM}>{text.customSpan}</option>
            </select>
          )}
        </Field>
        {custom && (
          <>
            <Moment name="from" {...{ filters, onChange, error }} problem={problems.from} />
            <Moment name="to" {...{ filters, onChange, error }} problem={undefined} hint={text.toHint} />
          </>
        )}
        <ProviderField filters={filters} appId={appId} onChange={onChange} />
        <Field label={words.common.channel}>
          {(control) => (
            <select
              {...control}
              value={filters.channel ?? ''}
              onChange={({ target }) => onChange({ channel: target.value, provider: undefined })}
            >
              <option value="">{words.common.all}</option>
              {Object.entries(words.channels).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={text.perSecond} problem={problems.rate}>
          {(control) => (
            <input
              {...control}
              className={styles.rate}
              inputMode="numeric"
              value={rate}
              onChange={({ target }) => onRate(target.value)}
            />
          )}
        </Field>
      </FieldRow>
      <Reasons filters={filters} onChange={onChange} problem={problems.reasons} />
    </>
  );
}

/** Several apps: a replay concerns one. */
function AppField({
  appId,
  problem,
}: {
  readonly appId: string | undefined;
  readonly problem: string | undefined;
}) {
  const apps = useApps().data ?? [];
  const choose = useChooseApp();
  if (apps.length < 2) return null;
  return (
    <Field label={words.common.app} problem={problem}>
      {(control) => (
        <select {...control} value={appId ?? ''} onChange={({ target }) => choose(target.value || undefined)}>
          <option value="">{text.chooseApp}</option>
          {apps.map((app) => (
            <option key={app} value={app}>
              {app}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface MomentProps extends Pick<FilterFormProps, 'filters' | 'onChange' | 'error'> {
  readonly name: 'from' | 'to';
  readonly problem: string | undefined;
  readonly hint?: string;
}

function Moment({ name, filters, onChange, error, problem, hint }: MomentProps) {
  const value = filters[name];
  return (
    <Field
      label={text[name]}
      error={error}
      path={`filter.${name}`}
      problem={problem}
      {...(hint !== undefined && { hint })}
    >
      {(control) => (
        <input
          {...control}
          type="datetime-local"
          step="1"
          defaultValue={value === undefined ? '' : localOf(value)}
          onChange={({ target }) => onChange({ span: CUSTOM, [name]: momentOf(target.value) })}
        />
      )}
    </Field>
  );
}

function ProviderField({
  filters,
  appId,
  onChange,
}: Pick<FilterFormProps, 'filters' | 'appId' | 'onChange'>) {
  const ids = useProviderIds(appId, filters.channel);
  return (
    <Field label={text.provider}>
      {(control) => (
        <select
          {...control}
          className={styles.choice}
          value={filters.provider ?? ''}
          onChange={({ target }) => onChange({ provider: target.value })}
        >
          <option value="">{text.anyProvider}</option>
          {[...new Set([...ids, ...(filters.provider === undefined ? [] : [filters.provider])])].map((id) => (
            <option key={id} value={id}>
              {id}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function useProviderIds(appId: string | undefined, channel: string | undefined): readonly string[] {
  return useProviderList()
    .filter(
      (provider) =>
        (appId === undefined || provider.appId === appId) &&
        (channel === undefined || provider.channel === channel),
    )
    .map(({ id }) => id);
}

interface ReasonsProps extends Pick<FilterFormProps, 'filters' | 'onChange'> {
  readonly problem: string | undefined;
}

function Reasons({ filters, onChange, problem }: ReasonsProps) {
  const id = useId();
  const chosen = reasonsOf(filters);
  const toggle = (reason: Reason) =>
    onChange({
      reasons: reasonsText(
        chosen.includes(reason) ? chosen.filter((one) => one !== reason) : [...chosen, reason],
      ),
    });
  const boxOf = (reason: Reason) => (
    <label key={reason} className={styles.reason}>
      <input type="checkbox" checked={chosen.includes(reason)} onChange={() => toggle(reason)} />
      {reasonWord(reason)}
    </label>
  );
  return (
    <fieldset className={styles.reasons} aria-describedby={problem === undefined ? undefined : id}>
      <legend>{text.reasons}</legend>
      <div className={styles.boxes}>{USUAL_REASONS.map(boxOf)}</div>
      <details open={FURTHER_REASONS.some((reason) => chosen.includes(reason)) || undefined}>
        <summary>{text.moreReasons}</summary>
        <div className={styles.boxes}>{FURTHER_REASONS.map(boxOf)}</div>
      </details>
      {problem !== undefined && (
        <p id={id} className={styles.problem}>
          {problem}
        </p>
      )}
    </fieldset>
  );
}
