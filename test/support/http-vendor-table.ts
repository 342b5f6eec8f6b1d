import type { HttpSmsSettings } from '../../src/providers/http/http-settings.js';

/** A callback of the vendor. */
export interface VendorReport {
  readonly query?: string;
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  /** The delivery reports expected from it. */
  readonly reports: readonly object[];
}

/** Documented answers and callbacks of a vendor, and the settings that read them. */
export interface HttpVendor {
  readonly settings: Readonly<Record<keyof HttpSmsSettings, unknown>> extends infer T ? Partial<T> : never;
  readonly accepted: { readonly status?: number; readonly body: string; readonly id: string };
  /** Answers without an accepted SMS: status, body and expected outcome. */
  readonly others: readonly (readonly [number, string, object])[];
  readonly reports: readonly VendorReport[];
}

const json = (value: unknown): string => JSON.stringify(value);
const refused = (reason: string, vendorCode?: string): object => ({
  outcome: 'refused',
  reason,
  ...(vendorCode === undefined ? {} : { vendorCode }),
});
const misconfigured = { name: 'ProviderMisconfigured', reason: 'provider_misconfigured' };
const noCredit = { name: 'ProviderMisconfigured', reason: 'no_credit' };
const overQuota = { name: 'ProviderOverQuota' };
const unavailable = { name: 'ProviderUnavailable', mayHaveBeenSent: false };
const delivered = (vendorMessageId: string): object => ({
  vendorMessageId,
  status: 'delivered',
  reason: null,
});
const accepted = (vendorMessageId: string): object => ({ vendorMessageId, status: 'accepted', reason: null });
const failed = (vendorMessageId: string, vendorCode: string | null, reason = 'undelivered'): object => ({
  ...{ vendorMessageId, status: 'failed', reason, vendorCode },
});
const REFERENCE = '01234567-89ab-7def-8123-000000000001-1';

/** https://www.bulksms.com/developer/json/v1/ */
const bulkSms = (type: string, subtype: string | null): object => ({
  ...{ id: '7457', type: 'SENT', from: 'x', to: '14155550100', body: 'Hi', userSuppliedId: REFERENCE },
  ...{
    status: { id: `${type}.${subtype}`, type, subtype },
    submission: { id: '1-0', date: '2026-01-02T03:04:05Z' },
  },
});

/** https://developers.africastalking.com/docs/sms/sending/bulk */
const africa = (statusCode: number, status: string): string =>
  json({
    SMSMessageData: {
      Message: 'Sent to 1/1 Total Cost: KES 0.8000',
      Recipients: [{ statusCode, number: '+14155550100', status, cost: 'KES 0.8000', messageId: 'ATXid_1' }],
    },
  });

/** https://developers.clicksend.com/docs/messaging/sms */
const clickSend = (status: string): string =>
  json({
    ...{ http_code: 200, response_code: 'SUCCESS', response_msg: 'Messages queued for delivery.' },
    data: { total_count: 1, messages: [{ to: '+14155550100', message_id: 'BF7AD270-0DE2', status }] },
  });

export const HTTP_VENDORS: Readonly<Record<string, HttpVendor>> = {
  'Clickatell, classic HTTP API': {
    settings: {
      idPattern: 'ID: {id}',
      codePattern: 'ERR: {code}',
      outcomes: [
        { when: 'text.startsWith("ERR: 105")', outcome: 'refused', reason: 'invalid_phone_number' },
        { when: 'text.startsWith("ERR: 121")', outcome: 'refused', reason: 'opted_out' },
        { when: 'text.startsWith("ERR: 001")', outcome: 'misconfigured' },
        { when: 'text.startsWith("ERR: 301")', outcome: 'misconfigured', reason: 'no_credit' },
        { when: 'text.startsWith("ERR: ")', outcome: 'refused' },
      ],
      report: {
        id: 'apiMsgId',
        reference: 'cliMsgId',
        // An unquoted 004 in YAML is the number 4.
        statuses: { '3': 'accepted', '4': 'delivered', '005': 'failed', '007': 'failed', '012': 'failed' },
      },
    },
    accepted: { body: 'ID: 205e85d0578314037a96175249fc6a2b', id: '205e85d0578314037a96175249fc6a2b' },
    others: [
      [200, 'ERR: 105, Invalid Destination Address', refused('invalid_phone_number', '105')],
      [200, 'ERR: 121, Destination mobile number blocked', refused('opted_out', '121')],
      [200, 'ERR: 001, Authentication failed', misconfigured],
      [200, 'ERR: 301, No Credit Left', noCredit],
      [200, 'ERR: 113, Maximum message parts exceeded', refused('message_refused', '113')],
    ],
    reports: [
      {
        query: `api_id=1&apiMsgId=205e85d0&cliMsgId=${REFERENCE}&to=14155550100&timestamp=1&status=004&charge=1`,
        reports: [{ ...delivered('205e85d0'), reference: REFERENCE }],
      },
      { query: 'apiMsgId=205e85d0&status=005', reports: [failed('205e85d0', null)] },
    ],
  },
  'BulkSMS, JSON API': {
    settings: {
      idPath: '[0].id',
      outcomes: [
        { when: 'status == 403 && text.contains("credits")', outcome: 'misconfigured', reason: 'no_credit' },
      ],
      report: {
        id: 'id',
        reference: 'userSuppliedId',
        status: 'status.type',
        code: 'status.subtype',
        codes: { BLOCKED: 'opted_out' },
      },
    },
    accepted: { status: 201, body: json([bulkSms('ACCEPTED', null)]), id: '7457' },
    others: [
      [
        403,
        json({ type: 'about:blank', title: 'Forbidden', detail: 'You have insufficient credits' }),
        noCredit,
      ],
      [401, json({ title: 'Unauthorized' }), misconfigured],
    ],
    reports: [
      { json: [bulkSms('DELIVERED', null)], reports: [{ ...delivered('7457'), reference: REFERENCE }] },
      {
        json: [bulkSms('FAILED', 'EXPIRED'), bulkSms('FAILED', 'BLOCKED'), bulkSms('SENT', null)],
        reports: [failed('7457', 'EXPIRED'), failed('7457', 'BLOCKED', 'opted_out'), accepted('7457')],
      },
    ],
  },
  Textlocal: {
    settings: {
      idPath: 'messages[0].id',
      successWhen: 'json.status == "success"',
      codePath: 'errors[0].code',
      outcomes: [
        { when: 'json.errors[0].code == 3', outcome: 'misconfigured' },
        { when: 'json.errors[0].code == 7', outcome: 'misconfigured', reason: 'no_credit' },
        { when: 'json.errors[0].code == 51', outcome: 'refused', reason: 'invalid_phone_number' },
      ],
      report: {
        reference: 'customID',
        statuses: { D: 'delivered', U: 'failed', I: 'invalid_phone_number', E: 'failed', '?': 'accepted' },
      },
    },
    accepted: {
      body: json({
        balance: 1162,
        batch_id: 124,
        messages: [{ id: '1151346216', recipient: 14_155_550_100 }],
        status: 'success',
      }),
      id: '1151346216',
    },
    others: [
      [
        200,
        json({ errors: [{ code: 3, message: 'Invalid login details' }], status: 'failure' }),
        misconfigured,
      ],
      [200, json({ errors: [{ code: 7, message: 'Insufficient credits' }], status: 'failure' }), noCredit],
      [
        200,
        json({ errors: [{ code: 51, message: 'No valid numbers specified' }], status: 'failure' }),
        refused('invalid_phone_number', '51'),
      ],
      // In no row of the table, and still a refusal.
      [
        200,
        json({ errors: [{ code: 5, message: 'Unrecognised' }], status: 'failure' }),
        refused('message_refused', '5'),
      ],
    ],
    reports: [
      {
        form: { number: '14155550100', status: 'D', customID: REFERENCE, datetime: '2026-01-02 03:04:05' },
        reports: [{ ...delivered(REFERENCE), reference: REFERENCE }],
      },
      {
        form: { number: '14155550100', status: 'I', customID: REFERENCE },
        reports: [failed(REFERENCE, null, 'invalid_phone_number')],
      },
    ],
  },
  MSG91: {
    settings: {
      idPath: 'message',
      successWhen: 'json.type == "success"',
      codePath: 'code',
      outcomes: [
        { when: 'json.type == "error" && json.code in ["201", "207"]', outcome: 'misconfigured' },
        { when: 'json.type == "error" && json.code == "301"', outcome: 'misconfigured', reason: 'no_credit' },
      ],
      report: {
        statuses: {
          '1': 'delivered',
          '2': 'failed',
          '9': 'opted_out',
          '16': 'message_refused',
          '25': 'message_refused',
          '8': 'accepted',
        },
      },
    },
    accepted: {
      body: json({ message: '3763646c3058373530393938', type: 'success' }),
      id: '3763646c3058373530393938',
    },
    others: [
      [200, json({ message: 'Invalid authkey', code: '201', type: 'error' }), misconfigured],
      [200, json({ message: 'Insufficient balance', code: '301', type: 'error' }), noCredit],
      [
        200,
        json({ message: 'Invalid mobile number', code: '203', type: 'error' }),
        refused('message_refused', '203'),
      ],
    ],
    reports: [
      {
        form: {
          data: json([
            {
              ...{ senderId: 'BLLHOP', requestId: '376364', userId: '1', campaignName: 'API' },
              report: [
                { date: '2026-01-02 03:04:05', number: '14155550100', status: '1', desc: 'DELIVERED' },
                { date: '2026-01-02 03:04:05', number: '14155550101', status: '16', desc: 'REJECTED' },
              ],
            },
          ]),
        },
        reports: [delivered('376364'), failed('376364', null, 'message_refused')],
      },
    ],
  },
  'Africa’s Talking': {
    settings: {
      idPath: 'SMSMessageData.Recipients[0].messageId',
      successWhen: 'json.SMSMessageData.Recipients[0].statusCode in [100, 101, 102]',
      codePath: 'SMSMessageData.Recipients[0].statusCode',
      outcomes: [
        {
          when: 'json.SMSMessageData.Recipients[0].statusCode == 403',
          outcome: 'refused',
          reason: 'invalid_phone_number',
        },
        {
          when: 'json.SMSMessageData.Recipients[0].statusCode == 404',
          outcome: 'refused',
          reason: 'number_takes_no_texts',
        },
        {
          when: 'json.SMSMessageData.Recipients[0].statusCode == 406',
          outcome: 'refused',
          reason: 'opted_out',
        },
        {
          when: 'json.SMSMessageData.Recipients[0].statusCode == 405',
          outcome: 'misconfigured',
          reason: 'no_credit',
        },
        { when: 'json.SMSMessageData.Recipients[0].statusCode == 402', outcome: 'misconfigured' },
        {
          when: 'json.SMSMessageData.Recipients[0].statusCode in [500, 501]',
          outcome: 'unavailable',
          retryAfterSeconds: 5,
        },
      ],
      report: { code: 'failureReason', codes: { UserInBlackList: 'opted_out' } },
    },
    accepted: { status: 201, body: africa(101, 'Success'), id: 'ATXid_1' },
    others: [
      [201, africa(403, 'InvalidPhoneNumber'), refused('invalid_phone_number', '403')],
      [201, africa(404, 'UnsupportedNumberType'), refused('number_takes_no_texts', '404')],
      [201, africa(406, 'UserInBlacklist'), refused('opted_out', '406')],
      [201, africa(405, 'InsufficientBalance'), noCredit],
      [201, africa(402, 'InvalidSenderId'), misconfigured],
      [201, africa(501, 'GatewayError'), { ...unavailable, vendorCode: '501', retryAfterMs: 5_000 }],
      [201, africa(407, 'CouldNotRoute'), refused('message_refused', '407')],
    ],
    reports: [
      {
        form: { id: 'ATXid_1', status: 'Success', phoneNumber: '+14155550100', networkCode: '63902' },
        reports: [delivered('ATXid_1')],
      },
      {
        form: { id: 'ATXid_1', status: 'Buffered', phoneNumber: '+14155550100' },
        reports: [accepted('ATXid_1')],
      },
      {
        form: { id: 'ATXid_1', status: 'Failed', failureReason: 'UserInBlackList' },
        reports: [failed('ATXid_1', 'UserInBlackList', 'opted_out')],
      },
      {
        form: { id: 'ATXid_1', status: 'Rejected', failureReason: 'InsufficientCredit' },
        reports: [failed('ATXid_1', 'InsufficientCredit', 'message_refused')],
      },
    ],
  },
  'Route Mobile': {
    settings: {
      idPattern: '1701|{*}:{id}',
      codePattern: '{code}|',
      outcomes: [
        { when: 'text.startsWith("1706")', outcome: 'refused', reason: 'invalid_phone_number' },
        { when: 'text.startsWith("1032")', outcome: 'refused', reason: 'opted_out' },
        { when: 'text.startsWith("1025")', outcome: 'misconfigured', reason: 'no_credit' },
        { when: 'text.startsWith("1703") || text.startsWith("1707")', outcome: 'misconfigured' },
        { when: 'text.startsWith("1710")', outcome: 'unavailable' },
      ],
      successWhen: 'text.startsWith("1701|")',
      report: { id: 'sMessageId', status: 'sStatus', code: 'iErrCode' },
    },
    accepted: { body: '1701|14155550100:98f63c03-5d84-4a9b-b3e4', id: '98f63c03-5d84-4a9b-b3e4' },
    others: [
      [200, '1706|14155550100', refused('invalid_phone_number', '1706')],
      [200, '1032|14155550100', refused('opted_out', '1032')],
      [200, '1025|14155550100', noCredit],
      [200, '1703', misconfigured],
      [200, '1710', unavailable],
      [200, '1705|14155550100', refused('message_refused', '1705')],
    ],
    reports: [
      {
        query:
          'sSender=Bellhop&sMobileNo=14155550100&sStatus=DELIVRD&dtSubmit=2026&dtDone=2026&sMessageId=98f63c03&iCostPerSms=1&iErrCode=000',
        reports: [delivered('98f63c03')],
      },
      { query: 'sMessageId=98f63c03&sStatus=UNDELIV&iErrCode=027', reports: [failed('98f63c03', '027')] },
    ],
  },
  'SMSGlobal, HTTP API': {
    settings: {
      idPattern: 'SMSGlobalMsgID:{id}',
      codePattern: 'ERROR: {code}',
      outcomes: [
        { when: 'text.startsWith("ERROR: 88")', outcome: 'misconfigured', reason: 'no_credit' },
        { when: 'text.startsWith("ERROR: 402")', outcome: 'misconfigured' },
        {
          when: 'text.startsWith("ERROR: 400")',
          outcome: 'over_quota',
          retryAfterSeconds: 2,
          numberOnly: true,
        },
        { when: 'text.startsWith("ERROR")', outcome: 'refused' },
      ],
      report: { id: 'msgid', status: 'dlrstatus', code: 'dlr_err' },
    },
    accepted: {
      body: 'OK: 0; Sent queued message ID: 04b4a8d4a5a02176 SMSGlobalMsgID:6613115713715266\r\n',
      id: '6613115713715266',
    },
    others: [
      [200, 'ERROR: 88', noCredit],
      [200, 'ERROR: 402', misconfigured],
      [200, 'ERROR: 400', { ...overQuota, retryAfterMs: 2_000, addressOnly: true, vendorCode: '400' }],
      [200, 'ERROR: 13', refused('message_refused', '13')],
    ],
    reports: [
      {
        query: 'msgid=6613115713715266&dlrstatus=DELIVRD&dlr_err=000&donedate=2601020304',
        reports: [delivered('6613115713715266')],
      },
      {
        query: 'msgid=6613115713715266&dlrstatus=EXPIRED&dlr_err=27',
        reports: [failed('6613115713715266', '27')],
      },
    ],
  },
  '46elks': {
    settings: {
      idPath: 'id',
      outcomes: [
        { when: 'status == 403 && text.contains("credits")', outcome: 'misconfigured', reason: 'no_credit' },
        {
          when: 'status == 400 && text.contains("to number")',
          outcome: 'refused',
          reason: 'invalid_phone_number',
        },
      ],
    },
    accepted: {
      body: json({ status: 'created', direction: 'outgoing', id: 's70df59406a1b4643' }),
      id: 's70df59406a1b4643',
    },
    others: [
      [403, 'Not enough credits', noCredit],
      [400, 'Invalid to number', refused('invalid_phone_number', '400')],
      [401, 'API access requires Basic HTTP authentication', misconfigured],
    ],
    reports: [
      {
        form: { id: 's70df59406a1b4643', status: 'delivered', delivered: '2026-01-02T03:04:05' },
        reports: [delivered('s70df59406a1b4643')],
      },
      { form: { id: 's70df59406a1b4643', status: 'failed' }, reports: [failed('s70df59406a1b4643', null)] },
    ],
  },
  SMSAPI: {
    settings: {
      idPath: 'list[0].id',
      codePath: 'error',
      outcomes: [
        { when: 'json.error == 13', outcome: 'refused', reason: 'invalid_phone_number' },
        { when: 'json.error == 103', outcome: 'misconfigured', reason: 'no_credit' },
        { when: 'json.error in [101, 14]', outcome: 'misconfigured' },
        { when: 'json.error in [201, 999]', outcome: 'unavailable' },
        { when: 'has(json.error)', outcome: 'refused' },
      ],
      report: {
        id: 'MsgId',
        reference: 'idx',
        separator: ',',
        statuses: {
          '403': 'accepted',
          '404': 'delivered',
          '405': 'failed',
          '406': 'failed',
          '407': 'message_refused',
          '402': 'failed',
          '*': 'accepted',
        },
      },
      callbackAnswer: 'OK',
    },
    accepted: {
      body: json({
        count: 1,
        list: [
          { id: '1460969715572091219', points: 0.16, number: '14155550100', status: 'QUEUED', error: null },
        ],
      }),
      id: '1460969715572091219',
    },
    others: [
      [
        200,
        json({ invalid_numbers: [{ number: '456' }], error: 13, message: 'No correct phone numbers' }),
        refused('invalid_phone_number', '13'),
      ],
      [200, json({ error: 103, message: 'Insufficient credits' }), noCredit],
      [200, json({ error: 101, message: 'Authorization failed' }), misconfigured],
      [200, json({ error: 201, message: 'Internal error' }), unavailable],
      [200, json({ error: 12, message: 'Message too long' }), refused('message_refused', '12')],
    ],
    reports: [
      { query: 'MsgId=14609&status=404&idx=a-1&username=me', reports: [delivered('14609')] },
      {
        form: { MsgId: '14609,14610,14611', status: '404,407,410', idx: 'a-1,a-2,a-3', username: 'me' },
        reports: [
          { ...delivered('14609'), reference: 'a-1' },
          { ...failed('14610', null, 'message_refused'), reference: 'a-2' },
          { ...accepted('14611'), reference: 'a-3' },
        ],
      },
    ],
  },
  ClickSend: {
    settings: {
      idPath: 'data.messages[0].message_id',
      successWhen: 'json.data.messages[0].status == "SUCCESS"',
      codePath: 'data.messages[0].status',
      outcomes: [
        {
          when: 'json.data.messages[0].status == "INVALID_RECIPIENT"',
          outcome: 'refused',
          reason: 'invalid_phone_number',
        },
        {
          when: 'json.data.messages[0].status == "COUNTRY_NOT_ENABLED"',
          outcome: 'refused',
          reason: 'country_not_allowed',
        },
        {
          when: 'json.data.messages[0].status == "INSUFFICIENT_CREDIT"',
          outcome: 'misconfigured',
          reason: 'no_credit',
        },
        { when: 'json.data.messages[0].status == "THROTTLED"', outcome: 'over_quota' },
      ],
      report: {
        id: 'message_id',
        reference: 'custom_string',
        status: 'status_code',
        code: 'error_code',
        statuses: { '200': 'accepted', '201': 'delivered', '300': 'accepted', '301': 'failed' },
      },
    },
    accepted: { body: clickSend('SUCCESS'), id: 'BF7AD270-0DE2' },
    others: [
      [200, clickSend('INVALID_RECIPIENT'), refused('invalid_phone_number', 'INVALID_RECIPIENT')],
      [200, clickSend('COUNTRY_NOT_ENABLED'), refused('country_not_allowed', 'COUNTRY_NOT_ENABLED')],
      [200, clickSend('INSUFFICIENT_CREDIT'), noCredit],
      [200, clickSend('THROTTLED'), { ...overQuota, retryAfterMs: 1_000, addressOnly: false }],
      [200, clickSend('ALREADY_EXISTS'), refused('message_refused', 'ALREADY_EXISTS')],
    ],
    reports: [
      {
        form: {
          timestamp: '1',
          message_id: 'BF7AD270-0DE2',
          status: 'Delivered',
          status_code: '201',
          status_text: 'Success: Message received on handset',
          error_code: '',
          custom_string: REFERENCE,
        },
        reports: [{ ...delivered('BF7AD270-0DE2'), reference: REFERENCE }],
      },
      {
        form: { message_id: 'BF7AD270-0DE2', status: 'Undelivered', status_code: '301', error_code: '5' },
        reports: [failed('BF7AD270-0DE2', '5')],
      },
    ],
  },
  'Gupshup, text answers': {
    settings: {
      idPattern: 'success | {*} | {id}',
      codePattern: 'error | {code} |',
      successWhen: 'text.startsWith("success")',
      outcomes: [
        { when: 'text.startsWith("error | 106")', outcome: 'refused', reason: 'invalid_phone_number' },
        { when: 'text.startsWith("error | 102")', outcome: 'misconfigured' },
      ],
      report: { id: 'externalId', status: 'status', code: 'cause', codes: { BLOCKED: 'opted_out' } },
    },
    accepted: { body: 'success | 14155550100 | 3057142103113402346-123', id: '3057142103113402346-123' },
    others: [
      [200, 'error | 106 | The phone number is not valid', refused('invalid_phone_number', '106')],
      [200, 'error | 102 | Authentication failed', misconfigured],
      [200, 'error | 175 | The "msg" parameter is too long', refused('message_refused', '175')],
    ],
    reports: [
      {
        query: 'externalId=3057-1&deliveredTS=1&status=SUCCESS&cause=SUCCESS&phoneNo=14155550100',
        reports: [delivered('3057-1')],
      },
      {
        json: {
          response: [
            { externalId: '3057-1', status: 'FAIL', cause: 'BLOCKED' },
            { externalId: '3057-2', status: 'FAIL', cause: 'ABSENT_SUBSCRIBER' },
          ],
        },
        reports: [failed('3057-1', 'BLOCKED', 'opted_out'), failed('3057-2', 'ABSENT_SUBSCRIBER')],
      },
    ],
  },
  'Kannel, under names of one’s own': {
    settings: {
      successWhen: 'status == 202',
      report: {
        reference: 'ours',
        status: 'dlr',
        statuses: {
          '1': 'delivered',
          '2': 'failed',
          '8': 'accepted',
          '16': 'message_refused',
          '34': 'failed',
        },
      },
    },
    accepted: { status: 202, body: '0: Accepted for delivery', id: REFERENCE },
    others: [[503, '3: Queued for later delivery', unavailable]],
    reports: [
      { query: `ours=${REFERENCE}&dlr=1`, reports: [delivered(REFERENCE)] },
      { query: `ours=${REFERENCE}&dlr=34`, reports: [failed(REFERENCE, null)] },
    ],
  },
};
