import type { CustomProvider } from '../../../platform/cometchat/custom-provider.js';
import { shownUrl } from '../../../platform/cometchat/provider-problems.js';

/** A difference between CometChat's setting and the wanted one, without secrets. */
export interface Change {
  readonly setting: string;
  /** Null if CometChat has no such provider. */
  readonly from: string | null;
  readonly to: string;
}

/** The settings to change in CometChat; empty if it has the wanted ones. */
export function changesOf(current: CustomProvider | undefined, wanted: CustomProvider): Change[] {
  return rowsOf(current, wanted).filter(({ from, to }) => from !== to);
}

function rowsOf(current: CustomProvider | undefined, wanted: CustomProvider): Change[] {
  const row = (setting: string, show: (provider: CustomProvider) => string): Change => ({
    setting,
    from: current ? show(current) : null,
    to: show(wanted),
  });
  return [
    row('enabled', ({ isEnabled }) => (isEnabled ? 'yes' : 'no')),
    row('webhook URL', ({ webhookUrl }) => shownUrl(webhookUrl)),
    row('Basic Auth', ({ usesBasicAuth }) => (usesBasicAuth ? 'on' : 'off')),
    row('username', ({ username }) => username),
    row('password', (provider) => passwordText(provider, wanted)),
    row('stored numbers only', ({ storedNumbersOnly }) => (storedNumbersOnly ? 'yes' : 'no')),
  ];
}

/** CometChat may hide the password; then it is set again. */
function passwordText({ password }: CustomProvider, wanted: CustomProvider): string {
  if (password === wanted.password) return 'the configured one';
  return password === null ? 'hidden' : 'another one';
}
