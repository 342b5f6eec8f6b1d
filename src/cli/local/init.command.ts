import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { parseGatewayConfig } from '../../platform/config/load-gateway-config.js';
import { codeOf } from '../../platform/errors/code-of.js';
import { PROVIDER_TYPES } from '../../providers/provider-types.js';
import { CommandFailed, EXIT, textOf, type Command, type CommandInput, type ExitCode } from '../command.js';

const SECRET_BYTES = 20;
const DEFAULT_FILE = 'bellhop.yaml';

/** `bellhop init`: a configuration file that starts, with secrets of its own. */
export const init: Command = {
  name: 'init',
  summary: 'Write a configuration file for one app, with random secrets; never overwrites one',
  example: 'bellhop init --app 1234567890abcdef --region us',
  options: {
    app: { type: 'string', value: 'appId', description: 'the app’s id, as CometChat’s dashboard shows it' },
    region: { type: 'string', value: 'us|eu|in', description: 'its region; default us' },
    file: { type: 'string', value: 'path', description: `default ${DEFAULT_FILE}` },
  },
  isRemote: false,

  async run(input: CommandInput): Promise<ExitCode> {
    const { output } = input;
    const appId = textOf(input, 'app');
    if (appId === undefined) throw new CommandFailed(EXIT.wrongUsage, '--app is missing.');
    const file = path.resolve(textOf(input, 'file') ?? DEFAULT_FILE);
    await write(file, configurationOf(appId, textOf(input, 'region') ?? 'us'));
    if (output.isJson) output.json({ file, appId });
    else output.line(file);
    output.say(`Next:
  1. Replace the sandboxes by your providers, and set cometchat.restApiKey.
  2. bellhop doctor
  3. bellhop connect --url https://<your address>`);
    return EXIT.fine;
  },
};

/** Readable by its owner only. @throws CommandFailed if the file exists or cannot be written. */
async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const code = codeOf(error) ?? 'failed';
    const problem = code === 'EEXIST' ? 'exists already; nothing was changed' : `cannot be written (${code})`;
    throw new CommandFailed(EXIT.bad, `${file} ${problem}.`);
  }
}

/** @throws CommandFailed if app or region are invalid. */
function configurationOf(appId: string, region: string): string {
  const text = template(JSON.stringify(appId), JSON.stringify(region));
  const { faults } = parseGatewayConfig(parse(text), '.', {}, PROVIDER_TYPES, true);
  if (faults.length === 0) return text;
  throw new CommandFailed(
    EXIT.wrongUsage,
    faults
      .map(({ path: at, problem }) => `--${at.endsWith('region') ? 'region' : 'app'} ${problem}`)
      .join('\n'),
  );
}

const secret = (): string => randomBytes(SECRET_BYTES).toString('hex');

const template = (
  appId: string,
  region: string,
): string => `# Bellhop's configuration, written by \`bellhop init\`.
# bellhop.example.yaml has every key, docs/configuration.md their meaning. \${NAME} is replaced from the environment;
# \`<key>File\` reads a secret from a file.

apps:
  - appId: ${appId}
    region: ${region}

    # The credentials of CometChat's webhooks; \`bellhop connect\` enters them there.
    webhook:
      basicAuth:
        - username: cometchat
          password: ${secret()}

    # The keys of the app's backend.
    clients:
      apiKeys:
        - ${secret()}

    # REST API key of the scope fullAccess, for \`bellhop connect\` and \`bellhop doctor\`.
    # cometchat:
    #   restApiKey: \${COMETCHAT_API_KEY}

    push:
      providers:
        # Keeps pushes for /sandbox/messages. Replace it by your own providers, which may share the id.
        - id: default
          type: sandbox
        # - id: default
        #   type: fcm
        #   serviceAccountFile: ./firebase-service-account.json
        # - id: default
        #   type: apns
        #   keyFile: ./AuthKey.p8
        #   keyId: ABCDE12345
        #   teamId: ABCDE12345
        #   bundleId: com.example.app

    sms:
      # Country of numbers without a country code, and the countries to which SMS may go.
      defaultCountry: US
      countries: [US]
      providers:
        - id: sandbox
          type: sandbox
        # - id: twilio
        #   type: twilio
        #   accountSid: AC0123456789abcdef0123456789abcdef
        #   authToken: \${TWILIO_AUTH_TOKEN}
        #   from: '+15005550006'
`;
