import type { ReactNode } from 'react';
import { ApiError } from '../api/api-error.js';
import { words } from '../words.js';
import { Button } from './button.js';
import { Icon, type IconName } from './icon.js';
import type { Tone } from './states.js';
import styles from './notice.module.css';

interface EmptyProps {
  /** The missing thing: "No notifications yet". */
  readonly title: string;
  /** The next step for the user. */
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}

/** In place of a list without entries. */
export function Empty({ title, children, actions }: EmptyProps) {
  return (
    <div className={styles.empty}>
      <p className={styles.title}>{title}</p>
      <div className={styles.text}>{children}</div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}

interface FailureProps {
  readonly error: unknown;
  /** The attempt: "The notifications could not be loaded". */
  readonly title?: string;
  readonly onRetry?: (() => unknown) | undefined;
}

/** The failure, and a way to try again. */
export function Failure({ error, title = words.failure.title, onRetry }: FailureProps) {
  const faults = error instanceof ApiError ? error.errors : [];
  return (
    <div className={styles.notice} data-tone="bad" role="alert">
      <Icon name="warning" />
      <div className={styles.body}>
        <p className={styles.title}>{title}</p>
        <p>{textOf(error)}</p>
        {faults.length > 0 && (
          <ul className={styles.faults}>
            {faults.map(({ path, problem }) => (
              <li key={`${path} ${problem}`}>{path === '' ? problem : `${path} ${problem}`}</li>
            ))}
          </ul>
        )}
        {error instanceof ApiError && error.requestId !== undefined && (
          <p className={styles.small}>{words.failure.requestId(error.requestId)}</p>
        )}
        {onRetry && (
          <div>
            <Button icon="refresh" onClick={() => void onRetry()}>
              {words.failure.retry}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

/** The message of any error, for people. */
export function textOf(error: unknown): string {
  if (error instanceof ApiError && error.code === 'ROUTE.NOT_FOUND') return words.failure.notFound;
  return error instanceof Error ? error.message : String(error);
}

interface NoticeProps {
  readonly tone: Tone;
  readonly icon?: IconName;
  readonly title?: string;
  readonly children?: ReactNode;
}

/** A remark that stays on the page. */
export function Notice({ tone, icon = 'info', title, children }: NoticeProps) {
  return (
    <div className={styles.notice} data-tone={tone}>
      <Icon name={icon} />
      <div className={styles.body}>
        {title !== undefined && <p className={styles.title}>{title}</p>}
        {children}
      </div>
    </div>
  );
}

/** Holds the place of content that is on its way, so that nothing jumps when it arrives. */
export function Loading({ rows = 3 }: { readonly rows?: number }) {
  return (
    <div className={styles.loading} role="status">
      <span className="visually-hidden">{words.common.loading}</span>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className={styles.bar} />
      ))}
    </div>
  );
}
