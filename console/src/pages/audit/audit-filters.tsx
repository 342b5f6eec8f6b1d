import { useState, type SubmitEvent } from 'react';
import { Button } from '../../parts/button.js';
import { Field } from '../../parts/field.js';
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

const { filters: labels, actions, allActions, apply, reset, filtersLabel } = words.audit;

export function AuditFilterForm({ filters, onChange }: AuditFilterFormProps) {
  const [actor, setActor] = useState(filters.actor ?? '');
  const change = (changes: Filters) => onChange({ ...changes, cursor: undefined });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    change({ actor: actor.trim() });
  };
  const isKnown = filters.action === undefined || filters.action in actions;
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <form className={styles.filters} aria-label={filtersLabel} onSubmit={submit}>
      <Field label={labels.action}>
        {(control) => (
          <select
            {...control}
            value={filters.action ?? ''}
            onChange={(event) => change({ action: event.target.value })}
          >
            <option value="">{allActions}</option>
            {!isKnown && <option>{filters.action}</option>}
            {Object.entries(actions).map(([action, text]) => (
              <option key={action} value={action}>
                {text}
              </option>
            ))}
          </select>
        )}
      </Field>
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
              value={toLocal(filters[name])}
              onChange={(event) => change({ [name]: toIso(event.target.value) })}
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

/** The form that the control takes: the browser's time, to the minute. */
function toLocal(iso: string | undefined): string {
  const at = new Date(iso ?? '');
  if (Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

const toIso = (local: string): string => (local === '' ? '' : new Date(local).toISOString());
