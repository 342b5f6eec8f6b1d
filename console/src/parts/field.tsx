import { useId, type ReactNode } from 'react';
import { ApiError } from '../api/api-error.js';
import styles from './field.module.css';

/** Attributes that the control must carry. */
interface ControlProps {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

export interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  /** The failed call whose `errors` may concern this field. */
  readonly error?: unknown;
  /** The field's path in `errors`, such as `filter.from`. */
  readonly path?: string;
  /** A problem that the page found itself. */
  readonly problem?: string | undefined;
  /** The control, given its attributes: `{(control) => <input {...control} />}`. */
  readonly children: (control: ControlProps) => ReactNode;
}

/** A label, a control, a hint, and the problem that the server found with it. */
export function Field({ label, hint, error, path, problem, children }: FieldProps) {
  const id = useId();
  const fault =
    problem ?? (error instanceof ApiError && path !== undefined ? error.problemOf(path) : undefined);
  const described = [hint !== undefined && `${id}-hint`, fault !== undefined && `${id}-fault`].filter(
    Boolean,
  );
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        'aria-describedby': described.length > 0 ? described.join(' ') : undefined,
        'aria-invalid': fault === undefined ? undefined : true,
      })}
      {hint !== undefined && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
      {fault !== undefined && (
        <p id={`${id}-fault`} className={styles.fault}>
          {fault}
        </p>
      )}
    </div>
  );
}

/** Fields side by side that wrap. */
export function FieldRow({ children }: { readonly children: ReactNode }) {
  return <div className={styles.row}>{children}</div>;
}
