import type { ComponentProps, ReactNode } from 'react';
import { Link } from 'wouter';
import { Icon, type IconName } from './icon.js';
import styles from './button.module.css';

interface Look {
  /** `main`: the one action of a page or dialog; `danger`: it cannot be undone; `bare`: without a frame. */
  readonly look?: 'main' | 'plain' | 'danger' | 'bare';
  readonly icon?: IconName | undefined;
}

type ButtonProps = Look &
  Omit<ComponentProps<'button'>, 'className'> & {
    /** It is at work: it says so and does nothing when pressed again. */
    readonly isBusy?: boolean;
  };

export function Button({ look = 'plain', icon, isBusy = false, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={styles.button}
      data-look={look}
      aria-disabled={isBusy || undefined}
      aria-busy={isBusy || undefined}
      onClick={isBusy ? (event) => event.preventDefault() : onClick}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

interface LinkButtonProps extends Look {
  /** A page of the console, below `/admin`. */
  readonly href: string;
  readonly children: ReactNode;
}

/** A link that looks like a button. */
export function LinkButton({ look = 'plain', icon, href, children }: LinkButtonProps) {
  return (
    <Link href={href} className={styles.button} data-look={look}>
      {icon && <Icon name={icon} />}
      {children}
    </Link>
  );
}

interface OutsideLinkButtonProps extends LinkButtonProps {
  /** The name of the file to save it as. */
  readonly download?: string;
}

/** A link to a file, or to a page that is not the console's, which looks like a button. */
export function OutsideLinkButton({ look = 'plain', icon, children, ...rest }: OutsideLinkButtonProps) {
  return (
    <a {...rest} className={styles.button} data-look={look}>
      {icon && <Icon name={icon} />}
      {children}
    </a>
  );
}

/** Buttons side by side that wrap. */
export function Buttons({
  at = 'start',
  children,
}: {
  readonly at?: 'start' | 'end';
  readonly children: ReactNode;
}) {
  return (
    <div className={styles.buttons} data-at={at}>
      {children}
    </div>
  );
}

/** A button with an icon alone; `label` is its name. */
export function IconButton({
  icon,
  label,
  ...rest
}: Omit<ComponentProps<'button'>, 'className' | 'aria-label'> & {
  readonly icon: IconName;
  readonly label: string;
}) {
  return (
    <button type="button" {...rest} className={styles.iconButton} aria-label={label} title={label}>
      <Icon name={icon} />
    </button>
  );
}
