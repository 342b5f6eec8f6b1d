import { CHANNELS, type Channel } from '../../domain/notification.js';
import { CometChatKeyRefused, CometChatUnavailable } from '../../platform/cometchat/cometchat-connection.js';
import { CometChatRefused, CometChatRest } from '../../platform/cometchat/cometchat-rest.js';
import type { CustomProvider } from '../../platform/cometchat/custom-provider.js';
import { problemOfBuiltIn, problemsOf, webhookPathOf } from '../../platform/cometchat/provider-problems.js';
import type { AppSettings } from '../../platform/config/app-settings.js';
import { isLoopback } from '../../platform/http/loopback.js';
import {
  CommandFailed,
  EXIT,
  textOf,
  textsOf,
  type Command,
  type CommandInput,
  type ExitCode,
} from '../command.js';
import { confirm } from '../confirm.js';
import type { Output } from '../output.js';
import { GatewayClient } from '../remote/gateway-client.js';
import { readConfigurationFile } from './configuration.js';
import { changesOf, type Change } from './connect/changes.js';
import { makeRoundTrip, usersOf, type RoundTrip, type RoundTripUsers } from './connect/round-trip.js';
import { credentialsFor, type WebhookCredentials } from './connect/webhook-credentials.js';

/** `bellhop connect`: makes CometChat call the gateway. */
export const connect: Command = {
  name: 'connect',
  summary: 'Set CometChat’s custom providers by REST, after showing the difference, and prove it',
  example: 'bellhop connect --url https://push.example.com',
  options: {
    app: { type: 'string', value: 'appId', description: 'the app, if several are configured' },
    url: { type: 'string', value: 'url', description: 'address of the gateway; default PUBLIC_URL' },
    channel: {
      ...{ type: 'string', multiple: true, value: 'push,sms' },
      description: 'default: those with providers in the configuration',
    },
    'round-trip': {
      ...{ type: 'string', value: 'from,to' },
      description: 'then send a message between these users, and wait until the gateway has its webhook',
    },
    yes: { type: 'boolean', description: 'do not ask' },
  },
  isRemote: false,

  async run(input: CommandInput): Promise<ExitCode> {
    const plan = planOf(input);
    const rest = new CometChatRest(plan.app, plan.restApiKey);
    try {
      return await connectBy(rest, plan, input);
    } catch (error) {
      throw failureOf(error);
    } finally {
      await rest.close();
    }
  },
};

interface Plan {
  readonly app: AppSettings;
  readonly restApiKey: string;
  readonly publicUrl: string;
  readonly channels: readonly Channel[];
  readonly roundTrip: { readonly users: RoundTripUsers; readonly gateway: GatewayClient } | undefined;
}

interface Step {
  readonly channel: Channel;
  readonly isNew: boolean;
  readonly wanted: CustomProvider;
  readonly changes: readonly Change[];
}

async function connectBy(rest: CometChatRest, plan: Plan, input: CommandInput): Promise<ExitCode> {
  const { output, signal, values } = input;
  const current = new Map<Channel, CustomProvider | undefined>();
  for (const channel of plan.channels) current.set(channel, await rest.customProvider(channel));
  const credentials = credentialsFor(plan.app, [...current.values()]);
  if (credentials.isGenerated && plan.roundTrip)
    throw new CommandFailed(
      EXIT.bad,
      'The configuration has no webhook password that CometChat accepts, so that a round trip cannot succeed yet. Run the command without --round-trip first.',
    );
  const steps = plan.channels.map((channel) =>
    stepOf(channel, current.get(channel), credentials, plan.publicUrl),
  );
  const pending = steps.filter(({ changes }) => changes.length > 0);
  showSteps(output, steps);
  if (credentials.isGenerated) showCredentials(output, plan.app.appId, credentials);
  if (pending.length > 0 && values['yes'] !== true)
    await confirm('Change CometChat?', 'Nothing was changed.', signal);
  for (const step of pending) await save(rest, step);
  const problems = await remainingProblems(rest, plan, credentials);
  await sayBuiltIn(rest, plan.channels, output);
  const roundTrip = plan.roundTrip
    ? await makeRoundTrip(rest, plan.roundTrip.gateway, plan.roundTrip.users, plan.app.appId, signal)
    : null;
  show(output, plan, { steps, credentials, problems, roundTrip });
  return problems.length === 0 && roundTrip?.isComplete !== false ? EXIT.fine : EXIT.bad;
}

function stepOf(
  channel: Channel,
  current: CustomProvider | undefined,
  { username, password }: WebhookCredentials,
  publicUrl: string,
): Step {
  const wanted: CustomProvider = {
    isEnabled: true,
    webhookUrl: `${publicUrl}${webhookPathOf(channel)}`,
    usesBasicAuth: true,
    storedNumbersOnly: false,
    ...{ username, password },
  };
  return { channel, isNew: current === undefined, wanted, changes: changesOf(current, wanted) };
}

function save(rest: CometChatRest, { channel, isNew, wanted }: Step): Promise<void> {
  return isNew ? rest.addCustomProvider(channel, wanted) : rest.updateCustomProvider(channel, wanted);
}

/** Reads everything back. @returns the problems that keep webhooks away, as sentences. */
async function remainingProblems(
  rest: CometChatRest,
  { app, channels, publicUrl }: Plan,
  { username, password }: WebhookCredentials,
): Promise<string[]> {
  const expected = { ...app, webhook: { ...app.webhook, basicAuth: [{ username, password }] } };
  const problems: string[] = [];
  for (const channel of channels) {
    const provider = await rest.customProvider(channel);
    const found = problemsOf(provider, { app: expected, channel, publicUrl });
    problems.push(...found.filter(({ isBlocking }) => isBlocking).map(({ text }) => `${channel}: ${text}`));
  }
  return problems;
}

/** Names the providers of CometChat's own, which stay unchanged: others may need them. */
async function sayBuiltIn(rest: CometChatRest, channels: readonly Channel[], output: Output): Promise<void> {
  for (const provider of await rest.builtInProviders()) {
    if (!channels.includes(provider.channel)) continue;
    const { text, fix } = problemOfBuiltIn(provider);
    output.say(`${text} ${fix}`);
  }
}

function showSteps(output: Output, steps: readonly Step[]): void {
  for (const { channel, isNew, changes } of steps) {
    output.say(
      `${channel}: ${changes.length === 0 ? 'nothing to change' : isNew ? 'new provider' : 'to change'}`,
    );
    for (const { setting, from, to } of changes)
      output.say(`  ${setting}: ${from === null ? '' : `${from === '' ? '(none)' : from} → `}${to}`);
  }
}

function showCredentials(output: Output, appId: string, { username, password }: WebhookCredentials): void {
  output.say(`The configuration has no webhook password that CometChat accepts: letters and digits, 12 to 100.
Add this pair to apps[].webhook.basicAuth of ${appId}, and restart the gateway; until then it answers CometChat with 401:
  - username: ${username}
    password: ${password}`);
}

interface Outcome {
  readonly steps: readonly Step[];
  readonly credentials: WebhookCredentials;
  readonly problems: readonly string[];
  readonly roundTrip: RoundTrip | null;
}

function show(output: Output, { app }: Plan, { steps, credentials, problems, roundTrip }: Outcome): void {
  if (output.isJson) {
    const { username, password, isGenerated } = credentials;
    output.json({
      appId: app.appId,
      channels: steps.map(({ channel, isNew, changes }) => ({ channel, isNew, changes })),
      generated: isGenerated ? { username, password } : null,
      problems,
      roundTrip,
    });
    return;
  }
  for (const problem of problems) output.line(problem);
  if (problems.length === 0)
    output.line(
      `CometChat calls the gateway for ${steps.map(({ channel }) => channel).join(' and ')} of ${app.appId}.`,
    );
  if (roundTrip) output.line(roundTrip.text);
}

/** @throws CommandFailed if an argument is wrong, or the configuration does not suffice. */
function planOf(input: CommandInput): Plan {
  const { settings, config } = readConfigurationFile(input.env);
  const app = appIn(config.apps, textOf(input, 'app'));
  const { restApiKey } = app.cometchat;
  if (restApiKey === undefined)
    throw new CommandFailed(
      EXIT.bad,
      `Set apps[].cometchat.restApiKey of ${app.appId} to a REST API key of the scope fullAccess.`,
    );
  const users = usersOf(textOf(input, 'round-trip'));
  return {
    ...{ app, restApiKey },
    publicUrl: urlFrom(textOf(input, 'url') ?? settings.publicUrl),
    channels: channelsFrom(textsOf(input, 'channel'), app),
    roundTrip: users && { users, gateway: new GatewayClient(input) },
  };
}

function appIn(apps: readonly AppSettings[], appId: string | undefined): AppSettings {
  const [app, ...others] = apps.filter((one) => appId === undefined || one.appId === appId);
  if (app && others.length === 0) return app;
  throw new CommandFailed(
    EXIT.wrongUsage,
    appId === undefined
      ? 'Several apps are configured: name one with --app.'
      : `${appId} is not a configured app.`,
  );
}

/** CometChat accepts https only. */
function urlFrom(given: string | undefined): string {
  if (given === undefined)
    throw new CommandFailed(EXIT.wrongUsage, '--url is missing, and PUBLIC_URL is not set.');
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (!url || !isSafe || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '')
    throw new CommandFailed(
      EXIT.wrongUsage,
      '--url must be an https:// address without credentials and query.',
    );
  return given.replace(/\/+$/, '');
}

function channelsFrom(given: readonly string[], app: AppSettings): Channel[] {
  const unknown = given.find((name) => !CHANNELS.some((channel) => channel === name));
  if (unknown !== undefined)
    throw new CommandFailed(EXIT.wrongUsage, `--channel ${unknown} must be one of ${CHANNELS.join(', ')}.`);
  const served = CHANNELS.filter((channel) => app[channel].providers.length > 0);
  const channels = given.length === 0 ? served : CHANNELS.filter((channel) => given.includes(channel));
  const unserved = channels.find((channel) => !served.includes(channel));
  if (unserved !== undefined || channels.length === 0)
    throw new CommandFailed(
      EXIT.bad,
      `${app.appId} has no providers for ${unserved ?? 'any channel'}: add them to the configuration first.`,
    );
  return channels;
}

function failureOf(error: unknown): unknown {
  if (error instanceof CometChatKeyRefused)
    return new CommandFailed(
      EXIT.refused,
      `CometChat refuses the REST API key (${error.code ?? error.status}).`,
    );
  if (error instanceof CometChatUnavailable) return new CommandFailed(EXIT.unreachable, `${error.message}.`);
  if (error instanceof CometChatRefused) return new CommandFailed(EXIT.bad, `${error.message}.`);
  return error;
}
