import { useId } from 'react';
import { useChooseApp } from '../../api/app-choice.js';
import { useProviderIds } from '../../api/providers.js';
import { AppField } from '../../parts/app-field.js';
import { Field, FieldRow } from '../../parts/field.js';
import { localOf, momentOf } from '../../parts/local-time.js';
import { More } from '../../parts/more.js';
import { SelectField } from '../../parts/select-field.js';
import { wordOf, words } from '../../words.js';
import {
  FURTHER_REASONS,
  isCustom,
  reasonsOf,
  reasonsText,
  spanOf,
  SPANS,
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
  const chooseApp = useChooseApp();
  const ids = useProviderIds(appId, filters.channel);
  const custom = isCustom(filters);
  return (
    <>
      <FieldRow>
        <AppField value={appId} onChange={chooseApp} problem={problems.app} />
        <SelectField
          label={text.span}
          options={[...SPANS.map((span) => [span, words.spans[span]] as const), [CUSTOM, words.spans.custom]]}
          value={custom ? CUSTOM : spanOf(filters)}
          onChange={choose}
        />
        {custom && (
          <>
            <Moment name="from" {...{ filters, onChange, error }} problem={problems.from} />
            <Moment name="to" {...{ filters, onChange, error }} problem={undefined} hint={text.toHint} />
          </>
        )}
        <SelectField
          label={text.provider}
          className={styles.choice}
          options={[['', words.common.all], ...ids.map((id) => [id, id] as const)]}
          value={filters.provider ?? ''}
          onChange={(provider) => onChange({ provider })}
        />
        <SelectField
          label={words.common.channel}
          options={[['', words.common.all], ...Object.entries(words.channels)]}
          value={filters.channel ?? ''}
          onChange={(channel) => onChange({ channel, provider: undefined })}
        />
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

interface MomentProps extends Pick<FilterFormProps, 'filters' | 'onChange' | 'error'> {
  readonly name: 'from' | 'to';
  readonly problem: string | undefined;
  readonly hint?: string;
}

function Moment({ name, filters, onChange, error, problem, hint }: MomentProps) {
  const value = filters[name];
  return (
    <Field
      label={words.common[name]}
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
      {wordOf('reasons', reason)}
    </label>
  );
  return (
    <fieldset className={styles.reasons} aria-describedby={problem === undefined ? undefined : id}>
      <legend>{text.reasons}</legend>
      <div className={styles.boxes}>{USUAL_REASONS.map(boxOf)}</div>
      <More
        label={text.moreReasons}
        open={FURTHER_REASONS.some((reason) => chosen.includes(reason)) || undefined}
      >
        <div className={styles.boxes}>{FURTHER_REASONS.map(boxOf)}</div>
      </More>
      {problem !== undefined && (
        <p id={id} className={styles.problem}>
          {problem}
        </p>
      )}
    </fieldset>
  );
}
