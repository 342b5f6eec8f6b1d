import type { AppSettings } from '../../../platform/config/app-settings.js';
import type { Configuration } from '../configuration.js';

/** The result of one check of `bellhop doctor`. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'fault';
  /** The subject of the check, such as `redis` or `account app123/sms/twilio`. */
  readonly subject: string;
  readonly text: string;
  /** The remedy; null with `ok`. */
  readonly fix: string | null;
}

/** The input of the checks. */
export interface Patient extends Pick<Configuration, 'settings' | 'config' | 'source'> {
  /** The apps to check. */
  readonly apps: readonly AppSettings[];
  readonly signal: AbortSignal;
}

export const ok = (subject: string, text: string): Finding => ({ level: 'ok', subject, text, fix: null });

export const warning = (subject: string, text: string, fix: string): Finding => ({
  ...{ level: 'warning', subject, text, fix },
});

export const fault = (subject: string, text: string, fix: string): Finding => ({
  ...{ level: 'fault', subject, text, fix },
});
