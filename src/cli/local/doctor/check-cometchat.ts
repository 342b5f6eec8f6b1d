import { CHANNELS } from '../../../domain/notification.js';
import { CometChatKeyRefused } from '../../../platform/cometchat/cometchat-connection.js';
import { CometChatRest } from '../../../platform/cometchat/cometchat-rest.js';
import {
  problemOfBuiltIn,
  problemsOf,
  webhookPathOf,
} from '../../../platform/cometchat/provider-problems.js';
import type { AppSettings } from '../../../platform/config/app-settings.js';
import { messageOf } from '../unreachable.js';
import { fault, ok, warning, type Finding, type Patient } from './finding.js';

/** Compares the custom providers of each app in CometChat with the configuration. */
export async function checkCometChat({ apps, settings }: Patient): Promise<Finding[]> {
  const found = await Promise.all(apps.map((app) => check(app, settings.publicUrl)));
  return found.flat();
}

async function check(app: AppSettings, publicUrl: string | undefined): Promise<Finding[]> {
  const subject = `cometchat ${app.appId}`;
  const { restApiKey } = app.cometchat;
  if (restApiKey === undefined) {
    const text = 'CometChat’s settings cannot be compared without a REST API key.';
    return [warning(subject, text, 'Set `cometchat.restApiKey` to a key of the scope fullAccess.')];
  }
  const rest = new CometChatRest(app, restApiKey);
  try {
    return await compare(rest, app, subject, publicUrl);
  } catch (error) {
    if (error instanceof CometChatKeyRefused) {
      const text = `CometChat refuses the REST API key (${error.code ?? error.status}).`;
      return [
        fault(subject, text, 'Set `cometchat.restApiKey` to a key of the scope fullAccess of this app.'),
      ];
    }
    const fix = 'Try again; check `region`, and the firewall for CometChat’s hosts.';
    return [warning(subject, `CometChat could not be asked: ${messageOf(error)}`, fix)];
  } finally {
    await rest.close();
  }
}

async function compare(
  rest: CometChatRest,
  app: AppSettings,
  subject: string,
  publicUrl: string | undefined,
): Promise<Finding[]> {
  const builtIn = await rest.builtInProviders();
  const findings = builtIn
    .filter(({ channel }) => app[channel].providers.length > 0)
    .map(problemOfBuiltIn)
    .map(({ text, fix }) => warning(subject, text, fix));
  for (const channel of CHANNELS) {
    const problems = problemsOf(await rest.customProvider(channel), { app, channel, publicUrl });
    for (const { text, fix, isBlocking } of problems)
      findings.push((isBlocking ? fault : warning)(`${subject} ${channel}`, text, fix));
    if (problems.length === 0 && app[channel].providers.length > 0)
      findings.push(ok(`${subject} ${channel}`, `CometChat calls ${webhookPathOf(channel)} of the gateway.`));
  }
  return findings;
}
