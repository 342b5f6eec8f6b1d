import { isURL } from 'class-validator';
import {
  BooleanSetting,
  ChoiceSetting,
  IntSetting,
  SecretSetting,
  Setting,
  TextSetting,
} from '../../platform/config/settings.decorators.js';
import { SmsProviderSettings } from '../../platform/config/sms-provider-settings.js';

const SMPP_URL = {
  protocols: ['smpp', 'smpps'],
  require_protocol: true,
  require_tld: false,
  disallow_auth: true,
  allow_query_components: false,
  allow_fragments: false,
};

/** Formats of message ids in delivery reports, relative to those in responses. */
export const RECEIPT_ID_FORMATS = ['any', 'same', 'decimal', 'hexadecimal'] as const;
export type ReceiptIdFormat = (typeof RECEIPT_ID_FORMATS)[number];

/** The SMSC's default alphabet, `data_coding` 0. */
export const SMPP_ALPHABETS = ['gsm7', 'latin1', 'ascii'] as const;
export type SmppAlphabet = (typeof SMPP_ALPHABETS)[number];

export const SMPP_BINDS = ['transceiver', 'transmitter-receiver'] as const;
export type SmppBind = (typeof SMPP_BINDS)[number];

export class SmppSettings extends SmsProviderSettings {
  static readonly summary = 'An SMSC over SMPP 3.4.';

  override type: 'smpp';

  @Setting(
    { type: 'URL' },
    {
      description:
        '`smpp://host:port` or, over TLS, `smpps://host:port`, instead of `host`, `port` and `tls`.',
      unset: '`host` is used',
    },
    (value) =>
      typeof value === 'string' && isURL(value, SMPP_URL)
        ? undefined
        : 'must be an smpp: or smpps: address of a host and port',
  )
  override endpoint?: string;

  @TextSetting({
    description: 'Host of the SMSC.',
    requiredUnless: 'endpoint',
    minLength: 1,
    example: 'smsc.example.com',
  })
  host?: string;

  @IntSetting({ description: 'Port of the SMSC.', min: 1, max: 65_535 })
  port: number = 2_775;

  @BooleanSetting({ description: 'Whether the connection uses TLS.' })
  tls: boolean = false;

  @TextSetting({ description: 'System id.', maxLength: 15, example: 'bellhop' })
  systemId: string;

  @SecretSetting({ description: 'Password.', example: '${SMPP_PASSWORD}' })
  password: string;

  @TextSetting({ description: 'System type.', maxLength: 12 })
  systemType: string = '';

  @TextSetting({ description: "Service type of the SMS; empty: the SMSC's default.", maxLength: 5 })
  serviceType: string = '';

  @IntSetting({
    description: "Type of the sender's number (`source_addr_ton`).",
    unset: 'derived from `from`',
    min: 0,
    max: 6,
  })
  sourceTon?: number;

  @IntSetting({
    description: "Numbering plan of the sender's number (`source_addr_npi`).",
    unset: 'derived from `from`',
    min: 0,
    max: 18,
  })
  sourceNpi?: number;

  @IntSetting({
    description: 'Maximum requests awaiting a response.',
    unit: 'requests',
    min: 1,
    max: 1_000,
  })
  windowSize: number = 10;

  @ChoiceSetting(RECEIPT_ID_FORMATS, {
    description:
      'Format of message ids in delivery reports: `same` as in the responses, `decimal` if those were hexadecimal, `hexadecimal` if they were decimal. `any` tries all three, `same` first; set the actual one if the SMSC numbers its messages from a small number, so that ids are not confused.',
  })
  receiptIds: ReceiptIdFormat = 'any';

  @ChoiceSetting(SMPP_BINDS, {
    description:
      'One connection for both directions, or one per direction for an SMSC without `bind_transceiver`.',
  })
  bind: SmppBind = 'transceiver';

  @ChoiceSetting(SMPP_ALPHABETS, {
    description: "The SMSC's default alphabet, used for SMS that fit into it; all others are sent in UCS-2.",
  })
  alphabet: SmppAlphabet = 'gsm7';
}
