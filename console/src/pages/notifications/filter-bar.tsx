import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { useProviderIds } from '../../api/providers.js';
import { SPAN_NAMES } from '../../api/span.js';
import { Button } from '../../parts/button.js';
import { Field, FieldRow } from '../../parts/field.js';
import { More } from '../../parts/more.js';
import { SelectField, type Option } from '../../parts/select-field.js';
import type { StateKind } from '../../parts/states.js';
import { stateWord, words } from '../../words.js';
import type { FilterName, Filters } from './filters.js';
import { localOf, momentOf } from '../../parts/local-time.js';
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
const CUSTOM = 'custom';

/** Choices act at once; texts when the form is sent. */
export function FilterBar({ filters, onChange, error }: FilterBarProps) {
  const providers = useProviderIds();
  const [isOpen, setOpen] = useState(MORE.some((name) => filters[name] !== undefined));
  const set = MORE.filter((name) => filters[name] !== undefined).length;
  const choice = (name: Exclude<FilterName, 'span'>, options: readonly Option[]) => (
    <SelectField
      label={text[name]}
      className={styles.choice}
      value={filters[name] ?? ''}
      options={[['', text.any], ...options]}
      onChange={(value) => onChange({ [name]: value })}
    />
  );
  const entry = (name: Exclude<FilterName, 'span'>, type = 'text') => (
    <Entry label={text[name]} name={name} type={type} value={filters[name]} error={error} />
  );
  return (
    <form aria-label={text.label} className={styles.filters} onSubmit={(event) => onChange(textsOf(event))}>
      <FieldRow>
        <SpanChoice filters={filters} onChange={onChange} />
        {choice('status', wordsOf(STATUSES, 'status'))}
        {choice('kind', Object.entries(words.kinds))}
        {entry('uid')}
        {entry('tag')}
        <Button type="submit">{text.apply}</Button>
      </FieldRow>
      <More
        label={set > 0 ? text.moreSet(set) : text.more}
        open={isOpen}
        onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
      >
        <FieldRow>
          {choice('channel', Object.entries(words.channels))}
          {choice('reason', Object.entries(words.reasons))}
          {choice(
            'provider',
            providers.map((id) => [id, id]),
          )}
          {choice('outcome', wordsOf(OUTCOMES, 'outcome'))}
          {choice('source', Object.entries(words.sources))}
          {choice('hasDuplicate', Object.entries(text.hasDuplicateWords))}
          {entry('sessionId')}
          {entry('replayId')}
          {entry('slowerThanMs', 'number')}
          {entry('from', 'datetime-local')}
          {entry('to', 'datetime-local')}
        </FieldRow>
      </More>
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
  return (
    <SelectField
      label={words.common.received}
      className={styles.choice}
      value={isCustom ? CUSTOM : (filters.span ?? '')}
      options={[
        ['', text.anyTime],
        ...SPAN_NAMES.map((name) => [name, words.spans[name]] as const),
        ...(isCustom ? [[CUSTOM, words.spans.custom] as const] : []),
      ]}
      onChange={(span) => span !== CUSTOM && onChange({ span, from: undefined, to: undefined })}
    />
  );
}

const wordsOf = (values: readonly string[], kind: StateKind): Option[] =>
  values.map((value) => [value, stateWord(kind, value)]);

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
