import type { AppSettings } from '../../../platform/config/app-settings.js';
import { SAFE_PASSWORD_LENGTH } from '../../../platform/config/process-settings.js';
import { withoutUserinfo } from '../../../platform/logging/without-userinfo.js';
import { caExpiryOf } from '../../../providers/ca-expiry.js';
import type { Configuration } from '../configuration.js';
import { fault, ok, warning, type Finding } from './finding.js';

const DAY_MS = 86_400_000;
/** Certificate authorities that expire sooner get a warning. */
const EXPIRY_DAYS = 30;

/** Every fault that prevents the start, or else what is weak. */
export function checkConfiguration(
  { faults, config, source }: Configuration,
  apps: readonly AppSettings[],
): Finding[] {
  if (faults.length > 0) {
    return faults.map(({ path, problem }) => {
      const text = withoutUserinfo(`${path || '(file)'} ${problem}`);
      return fault('configuration', `${text}: the gateway does not start.`, 'Change the setting.');
    });
  }
  const weak = [...(source === null ? [DEMO] : apps.flatMap(shortPasswords)), ...apps.flatMap(weaknessesOf)];
  return [ok('configuration', `${source ?? 'the demo'}: ${config.apps.length} app(s), no fault.`), ...weak];
}

const DEMO = warning(
  'configuration',
  'There is no configuration file: the gateway uses its built-in demo.',
  'Write one with `bellhop init`, or name it in BELLHOP_CONFIG.',
);

/** Correct credentials are never blocked, so only their length protects against guessing. */
function shortPasswords({ appId, webhook }: AppSettings): Finding[] {
  const isShort = webhook.basicAuth?.some(({ password }) => [...password].length < SAFE_PASSWORD_LENGTH);
  const fix = `Use ${SAFE_PASSWORD_LENGTH} or more random characters, here and in CometChat.`;
  return isShort
    ? [warning(`configuration ${appId}`, 'A webhook password is short enough to be guessed.', fix)]
    : [];
}

function weaknessesOf(app: AppSettings): Finding[] {
  const subject = `configuration ${app.appId}`;
  const findings: Finding[] = [];
  if (app.sms.providers.length > 0 && !app.sms.countries) {
    const fix = 'Set `sms.countries` to the countries of your users.';
    findings.push(warning(subject, 'SMS may go to any country, at any price.', fix));
  }
  for (const { id, ca } of [...app.push.providers, ...app.sms.providers]) {
    const expiresAt = caExpiryOf(ca);
    if (!expiresAt || expiresAt.getTime() > Date.now() + EXPIRY_DAYS * DAY_MS) continue;
    const isOver = expiresAt.getTime() <= Date.now();
    const day = expiresAt.toISOString().slice(0, 10);
    const text = `The certificate authority of provider ${id} ${isOver ? 'expired' : 'expires'} on ${day}.`;
    findings.push((isOver ? fault : warning)(subject, text, 'Put a newer one into its `caFile`.'));
  }
  return findings;
}
