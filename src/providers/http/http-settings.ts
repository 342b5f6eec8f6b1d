import { redactValue } from '../../platform/config/secrets.js';
import {
  BlockSetting,
  BlocksSetting,
  ChoiceSetting,
  isMapping,
  MapSetting,
  TextSetting,
} from '../../platform/config/settings.decorators.js';
import { SmsProviderSettings } from '../../platform/config/sms-provider-settings.js';
import {
  AnswerConditionSetting,
  HttpOutcomeSettings,
  HttpReplySettings,
  HttpReportSettings,
  PathSetting,
  TextPatternSetting,
} from './http-mapping-settings.js';

/** A request that proves the account without sending anything. */
export class HttpCheckSettings {
  @ChoiceSetting(['GET', 'POST'], { description: 'Method of the request; it has no body.' })
  method: 'GET' | 'POST' = 'GET';

  @TextSetting({
    description:
      'URL of a request that sends nothing, such as the one for the balance; scheme and host are those of the `url` of SMS. No template.',
    pattern: [/^https?:\/\//, 'an http: or https: address'],
    conceal: originOf,
    example: 'http://localhost:13013/v1/balance',
  })
  url: string;

  @MapSetting({
    description: 'Headers of the request, such as its credentials. No templates.',
    conceal: namesOnly,
  })
  headers: Record<string, string> = {};

  @AnswerConditionSetting({
    description:
      'Condition for a usable account: CEL over `status`, `headers`, `json` and `text` of the response.',
    unset: 'any 2xx',
  })
  successWhen?: string;
}

export class HttpSmsSettings extends SmsProviderSettings {
  static readonly summary = 'Any gateway with an HTTP API.';

  override type: 'http';

  @TextSetting({ description: 'Displayed sender.', unset: 'none', example: 'Bellhop' })
  override from?: string;

  @ChoiceSetting(['GET', 'POST', 'PUT'], { description: 'Method of the request.' })
  method: 'GET' | 'POST' | 'PUT' = 'POST';

  @TextSetting({
    description:
      'URL of the request; after the host a template like `body`. Inserted values are URL-encoded.',
    pattern: [/^https?:\/\//, 'an http: or https: address'],
    conceal: originOf,
    example:
      'http://localhost:13013/cgi-bin/sendsms?username=bellhop&password=${KANNEL_PASSWORD}&from={{ from }}&to={{ to }}&text={{ text }}',
  })
  url: string;

  @MapSetting({
    description:
      'Headers of the request, templates like `body`; characters beyond printable ASCII in inserted values are percent-encoded. `content-type` cannot be a template; it determines the escaping of `body` and defaults to the apparent type of `body`.',
    conceal: namesOnly,
  })
  headers: Record<string, string> = {};

  @TextSetting({
    description:
      'Body of the request: a Liquid template over `to`, `from`, `text`, `deliveryId`, `reference`, `statusUrl`, `encoding` and `segments`. Inserted values are escaped for JSON, a form or XML; in JSON, put them between quotes.',
    unset: 'none',
    conceal: redactValue,
  })
  body?: string;

  @TextSetting({
    description: 'Path of the message id in a JSON response, such as `messages[0].id`.',
    unset: '`reference` is the id',
  })
  idPath?: string;

  @TextPatternSetting('id', {
    description:
      'Pattern of the message id in a plain text response, such as `OK: {id}`. `{*}` stands for any characters on its line.',
    unset: '`idPath` is used',
  })
  idPattern?: string;

  @TextSetting({
    description: 'Condition for success: CEL over `status`, `headers`, `json` and `text` of the response.',
    unset: 'any 2xx',
  })
  successWhen?: string;

  @BlocksSetting(() => HttpOutcomeSettings, {
    description:
      'Meanings of responses; the first row whose condition holds takes precedence over `successWhen` and the status.',
    maxItems: 100,
  })
  outcomes: HttpOutcomeSettings[] = [];

  @PathSetting({
    description: "Path of the vendor's error code in a JSON response; the ledger shows the code.",
    unset: 'none',
  })
  codePath?: string;

  @TextPatternSetting('code', {
    description: 'Pattern of the error code in a plain text response, such as `ERR: {code}`.',
    unset: 'none',
  })
  codePattern?: string;

  @BlockSetting(() => HttpReportSettings, { description: 'Delivery reports.' })
  report: HttpReportSettings = new HttpReportSettings();

  @BlockSetting(() => HttpReplySettings, { description: 'Incoming SMS.' })
  reply: HttpReplySettings = new HttpReplySettings();

  @TextSetting({
    description: 'Plain text response to callbacks, if the vendor expects one.',
    maxLength: 256,
  })
  callbackAnswer: string = '';

  @BlockSetting(() => HttpCheckSettings, {
    description: 'Request that proves the account without sending an SMS.',
    unset: 'the account cannot be checked',
  })
  check?: HttpCheckSettings;
}

/** The names of headers: their values may contain secrets. */
function namesOnly(headers: unknown): unknown {
  return isMapping(headers)
    ? Object.fromEntries(Object.entries(headers).map(([name, held]) => [name, redactValue(held)]))
    : redactValue(headers);
}

/** Scheme and host only: user, path and query may contain secrets. */
function originOf(url: unknown): unknown {
  if (typeof url !== 'string') return redactValue(url);
  const [, scheme, host] = /^(https?:\/\/)(?:[^/?#]*@)?([^/?#@]*)/.exec(url) ?? [];
  return scheme === undefined || host === undefined ? 'set' : `${scheme}${host}/…`;
}
