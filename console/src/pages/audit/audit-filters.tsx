import { useState, type SubmitEvent } from 'react';
import { Button } from '../../parts/button.js';
import { Field } from '../../parts/field.js';
import { localOf, momentOf } from '../../parts/local-time.js';
import { SelectField } from '../../parts/select-field.js';
import { words } from '../../words.js';
import styles from './audit.module.css';

export const FILTERS = ['action', 'actor', 'from', 'to'] as const;
type Filter = (typeof FILTERS)[number];
type Filters = Partial<Record<Filter, string>>;

interface AuditFilterFormProps {
  readonly filters: Filters;
  /** A changed filter begins at the newest record again. */
  readonly onChange: (changes: Partial<Record<Filter | 'cursor', string | undefined>>) => void;
}

const { filters: labels, apply, reset, filtersLabel } = words.audit;

export function AuditFilterForm({ filters, onChange }: AuditFilterFormProps) {
  const [actor, setActor] = useState(filters.actor ?? '');
  const change = (changes: Filters) => onChange({ ...changes, cursor: undefined });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    change({ actor: actor.trim() });
  };
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <form className={styles.filters} aria-label={filtersLabel} onSubmit={submit}>
      <SelectField
        label={labels.action}
        options={[['', words.common.all], ...Object.entries(words.audit.actions)]}
        value={filters.action ?? ''}
        onChange={(action) => change({ action })}
      />
      <Field label={labels.actor}>
        {(control) => (
          <input
            {...control}
            maxLength={200}
            autoComplete="off"
            value={actor}
            onChange={(event) => setActor(event.target.value)}
          />
        )}
      </Field>
      {(['from', 'to'] as const).map((name) => (
        <Field key={name} label={labels[name]}>
          {(control) => (
            <input
              {...control}
              type="datetime-local"
              step={1}
              value={localOf(filters[name] ?? '')}
              onChange={(event) => change({ [name]: momentOf(event.target.value) ?? '' })}
            />
          )}
        </Field>
      ))}
      <Button type="submit">{apply}</Button>
      {isFiltered && (
        <Button look="bare" onClick={() => change({ action: '', actor: '', from: '', to: '' })}>
          {reset}
        </Button>
      )}
    </form>
  );
}
