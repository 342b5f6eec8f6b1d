import { IntSetting, SecretSetting, TextSetting, UrlSetting } from './settings.decorators.js';

/** The connection to CometChat, which confirms auth tokens, knows phone numbers and logs its notifications. */
export class CometChatSettings {
  @UrlSetting({
    description:
      'Scheme, host and port that are called instead of `https://<appId>.apiclient-<region>.cometchat.io` for auth tokens and of `https://<appId>.api-<region>.cometchat.io` for the REST API.',
    unset: "CometChat's own hosts, from `appId` and `region`",
    example: 'https://app123.apiclient-us.cometchat.io',
  })
  apiEndpoint?: string;

  @SecretSetting({
    description:
      "The app's REST API key of the scope fullAccess, which `sms.askCometChatForNumbers` and `GET /v1/cometchat/logs` need.",
    unset: 'none',
    example: '${COMETCHAT_API_KEY}',
  })
  restApiKey?: string;

  @TextSetting({
    description: 'Certificate authority to trust at `apiEndpoint`, as PEM.',
    unset: 'the well-known authorities only',
    file: true,
    example: './ca.pem',
  })
  ca?: string;

  @IntSetting({
    description: 'Maximum time for an answer from CometChat; after it the client is answered with 503.',
    unit: 'ms',
    min: 100,
    max: 60_000,
  })
  requestTimeoutMs: number = 3_000;
}
