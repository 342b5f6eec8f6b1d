import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { Button } from '../../parts/button.js';
import { Field, FieldRow } from '../../parts/field.js';
import { stateWord, words } from '../../words.js';
import type { FilterName, Filters } from './filters.js';
import { localOf, momentOf } from '../../parts/local-time.js';
import { useProviderIds } from './queries.js';
import styles from './notifications.module.css';

const STATUSES = ['queued', 'sent', 'delivered', 'failed', 'skipped', 'expired'];
const OUTCOMES = ['accepted', 'refused', 'unavailable', 'over_quota', 'misconfigured', 'unknown', 'error'];
/** Filters of the part that opens. */
const MORE: readonly FilterName[] = [
  ...(['reason', 'provider', 'outcome', 'source', 'channel'] as const),
  ...(['sessionId', 'slowerThanMs', 'hasDuplicate', 'replayId', 'from', 'to'] as const),
];

interface FilterBarProps {
  readonly filters: Filters;
  readonly onChange: (changes: Partial<Record<FilterName, string | undefined>>) => void;
  /** The failed call, whose faults stand beside their fields. */
  readonly error: unknown;
}

const text = words.notifications.filters;

/** Choices act at once; texts when the form is sent. */
export function FilterBar({ filters, onChange, error }: FilterBarProps) {
  const providers = useProviderIds();
  const [isOpen, setOpen] = useState(MORE.some((name) => filters[name] !== undefined));
  const set = MORE.filter((name) => filters[name] !== undefined).length;
  const choice = (name: FilterName, options: readonly Option[]) => (
    <Choice
      label={text[name === 'span' ? 'span' : name]}
      name={name}
      value={filters[name] ?? ''}
      options={options}
      onChange={(value) => onChange({ [name]: value })}
    />
  );
  const entry = (name: FilterName, type = 'text') => (
    <Entry label={text[name]} name={name} type={type} value={filters[name]} error={error} />
  );
  return (
    <form aria-label={text.label} className={styles.filters} onSubmit={(event) => onChange(textsOf(event))}>
      <FieldRow>
        <SpanChoice filters={filters} onChange={onChange} />
        {choice(
          'status',
          wordsOf(STATUSES, (status) => stateWord('status', status)),
        )}
        {choice('kind', entriesOf(words.kinds))}
        {entry('uid')}
        {entry('tag')}
        <Button type="submit">{text.apply}</Button>
      </FieldRow>
      <details
        open={isOpen}
        className={styles.more}
        onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
      >
        <summary>{set > 0 ? text.moreSet(set) : text.more}</summary>
        <FieldRow>
          {choice('channel', entriesOf(words.channels))}
          {choice('reason', entriesOf(words.reasons))}
          {choice(
            'provider',
            wordsOf(providers, (id) => id),
          )}
          {choice(
            'outcome',
            wordsOf(OUTCOMES, (outcome) => stateWord('outcome', outcome)),
          )}
          {choice('source', entriesOf(words.sources))}
          {choice('hasDuplicate', entriesOf(text.hasDuplicateWords))}
          {entry('sessionId')}
          {entry('replayId')}
          {entry('slowerThanMs', 'number')}
          {entry('from', 'datetime-local')}
          {entry('to', 'datetime-local')}
        </FieldRow>
      </details>
    </form>
  );
}

/** Texts of the form; an own span replaces the one that ends now. */
function textsOf(event: SubmitEvent<HTMLFormElement>): Partial<Record<FilterName, string | undefined>> {
  event.preventDefault();
  const data = new FormData(event.currentTarget);
  const valueOf = (name: FilterName): string | undefined => {
    const value = data.get(name);
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  };
  const [from, to] = [momentOf(valueOf('from')), momentOf(valueOf('to'))];
  return {
    ...{ uid: valueOf('uid'), tag: valueOf('tag') },
    ...{ sessionId: valueOf('sessionId'), replayId: valueOf('replayId') },
    ...{ slowerThanMs: valueOf('slowerThanMs'), from, to },
    ...((from ?? to) !== undefined && { span: undefined }),
  };
}

function SpanChoice({ filters, onChange }: Pick<FilterBarProps, 'filters' | 'onChange'>) {
  const isCustom = filters.from !== undefined || filters.to !== undefined;
  const options = [
    ...entriesOf(text.spans),
    ...(isCustom ? [{ value: 'custom', label: text.customSpan }] : []),
  ];
  return (
    <Choice
      label={text.span}
      name="span"
      value={isCustom ? 'custom' : (filters.span ?? '')}
      options={options}
      onChange={(span) => span !== 'custom' && onChange({ span, from: undefined, to: undefined })}
    />
  );
}

interface Option {
  readonly value: string;
  readonly label: string;
}

const wordsOf = (values: readonly string[], wordOf: (value: string) => string): Option[] =>
  values.map((value) => ({ value, label: wordOf(value) }));

const entriesOf = (all: Readonly<Record<string, string>>): Option[] =>
  Object.entries(all).map(([value, label]) => ({ value, label }));

interface ChoiceProps {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly options: readonly Option[];
  readonly onChange: (value: string) => void;
}

/** A value of the URL that is no option is one of its own. */
function Choice({ label, name, value, options, onChange }: ChoiceProps) {
  const all = options.some((option) => option.value === '')
    ? options
    : [{ value: '', label: text.any }, ...options];
  const isKnown = all.some((option) => option.value === value);
  return (
    <Field label={label}>
      {(control) => (
        <select
          {...control}
          name={name}
          className={styles.choice}
          value={value}
          onChange={({ target }) => onChange(target.value)}
        >
          {!isKnown && <option value={value}>{value}</option>}
          {all.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface EntryProps {
  readonly label: string;
  readonly name: string;
  readonly type: string;
  readonly value: string | undefined;
  readonly error: unknown;
}

/** A field that keeps the focus and what is typed until the URL holds another value. */
function Entry({ label, name, type, value = '', error }: EntryProps) {
  const input = useRef<HTMLInputElement>(null);
  const shown = type === 'datetime-local' ? localOf(value) : value;
  useEffect(() => {
    if (input.current) input.current.value = shown;
  }, [shown]);
  return (
    <Field label={label} error={error} path={name}>
      {(control) => (
        <input
          {...control}
          ref={input}
          name={name}
          type={type}
          className={styles.entry}
          defaultValue={shown}
          {...(type === 'number' && { min: 1, max: 86_400_000 })}
          {...(type === 'datetime-local' && { step: 1 })}
          autoComplete="off"
          spellCheck={false}
          dir="auto"
        />
      )}
    </Field>
  );
}
