import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { HttpSmsSettings } from '../../src/providers/http/http-settings.js';
import type { CallbackRequest } from '../../src/providers/callback.js';
import { httpCallbacks } from '../../src/providers/http/http-callbacks.js';
import { httpSms } from '../../src/providers/http/http.provider.js';
import type { SendContext, SmsMessage } from '../../src/providers/provider.js';
import { startHttpSmsServer, type HttpSmsServer } from '../support/http-sms-server.js';
import { HTTP_VENDORS, type HttpVendor, type VendorReport } from '../support/http-vendor-table.js';

const MESSAGE: SmsMessage = {
  address: { phno: '+14155550100' },
  text: 'Hello',
  encoding: 'gsm7',
  segments: 1,
  reference: '01234567-89ab-7def-8123-000000000001-1',
  validForSeconds: 3_600,
};
const CONTEXT: SendContext = {
  deliveryId: 'd-1',
  appId: 'app123',
  uid: 'uid-2',
  kind: 'sms',
  signal: new AbortController().signal,
};
const BODY = '{"to": "{{ to }}", "text": "{{ text }}", "reference": "{{ reference }}"}';

/** A block of the configuration file, validated as on start. */
function settingsOf(
  { settings }: Pick<HttpVendor, 'settings'>,
  url: string,
  apiKey: string,
): HttpSmsSettings {
  const block = { id: 'gw', type: 'http', url, headers: { 'x-api-key': apiKey }, body: BODY, ...settings };
  const made = plainToInstance(HttpSmsSettings, block, { exposeDefaultValues: true });
  expect(validateSync(made, { whitelist: true, forbidNonWhitelisted: true })).toEqual([]);
  return made;
}

function requestOf({ query = '', form, json }: VendorReport): CallbackRequest {
  const type = form
    ? 'application/x-www-form-urlencoded'
    : json === undefined
      ? undefined
      : 'application/json';
  return {
    method: type === undefined ? 'GET' : 'POST',
    url: 'https://bellhop.example.com/callbacks/app123/sms/gw/status',
    query: new URLSearchParams(query),
    headers: { 'content-type': type },
    body: Buffer.from(
      form ? new URLSearchParams(form).toString() : json === undefined ? '' : JSON.stringify(json),
    ),
  };
}

describe('the HTTP provider with the settings of a documented vendor', () => {
  let server: HttpSmsServer;
  beforeAll(async () => {
    server = await startHttpSmsServer({ tls: false });
  });
  afterAll(() => server.close());

  const answered = async (vendor: HttpVendor, status: number, body: string): Promise<unknown> => {
    const provider = httpSms.create(settingsOf(vendor, `${server.url}/v1/messages`, server.apiKey));
    server.script.answerWith({ status, body });
    try {
      return await provider.send(MESSAGE, CONTEXT).catch((error: unknown) => error);
    } finally {
      await provider.close();
    }
  };

  it.each(Object.entries(HTTP_VENDORS))('sends an SMS by %s', async (_, vendor) => {
    const { status = 200, body, id } = vendor.accepted;
    expect(await answered(vendor, status, body)).toMatchObject({ outcome: 'accepted', vendorMessageId: id });
  });

  it.each(
    Object.entries(HTTP_VENDORS).flatMap(([name, vendor]) =>
      vendor.others.map(([status, body, expected]) => [name, status, body, vendor, expected] as const),
    ),
  )('maps a refusal of %s: %i %s', async (_, status, body, vendor, expected) => {
    expect(await answered(vendor, status, body)).toMatchObject(expected);
  });

  it.each(
    Object.entries(HTTP_VENDORS).flatMap(([name, vendor]) =>
      vendor.reports.map((report) => [name, vendor, report] as const),
    ),
  )('reads the delivery reports of %s', (_, vendor, report) => {
    const { readStatus, answer } = httpCallbacks(settingsOf(vendor, 'https://gw.example.com', 'k'));
    expect(readStatus(requestOf(report))).toMatchObject(report.reports);
    expect(readStatus(requestOf(report))).toHaveLength(report.reports.length);
    expect(answer?.body).toBe(vendor.settings.callbackAnswer ?? '');
  });

  it('reads delivery reports with common names without a mapping', () => {
    const { readStatus } = httpCallbacks(new HttpSmsSettings());
    const read = (report: Omit<VendorReport, 'reports'>): unknown =>
      readStatus(requestOf({ ...report, reports: [] }));
    const delivered = [{ vendorMessageId: 'm-1', status: 'delivered' }];
    expect(read({ query: 'msgid=m-1&dlrstatus=DELIVRD&dlr_err=000' })).toMatchObject(delivered);
    expect(read({ query: 'sMessageId=m-1&sStatus=DELIVRD&iErrCode=000' })).toMatchObject(delivered);
    expect(read({ form: { message_id: 'm-1', status: 'Delivered', status_code: '201' } })).toMatchObject(
      delivered,
    );
    expect(read({ json: { results: [{ messageId: 'm-1', status: 'DELIVERED_TO_HANDSET' }] } })).toMatchObject(
      delivered,
    );
    expect(read({ json: { event: { 'message-id': 'm-1', state: 'undeliverable' } } })).toMatchObject([
      { vendorMessageId: 'm-1', status: 'failed', reason: 'undelivered' },
    ]);
  });
});

const WRONG_MAPPINGS: [object, string][] = [
  [{ outcomes: [{ when: 'text.matches("a+")', outcome: 'refused' }] }, 'outcomes.0.when'],
  [{ outcomes: [{ when: 'true', outcome: 'lost' }] }, 'outcomes.0.outcome'],
  [{ outcomes: [{ when: 'true', outcome: 'accepted', reason: 'opted_out' }] }, 'outcomes.0.outcome'],
  [{ outcomes: [{ when: 'true', outcome: 'refused', reason: 'no_credit' }] }, 'outcomes.0.outcome'],
  [{ outcomes: [{ when: 'true', outcome: 'refused', reason: 'too_old' }] }, 'outcomes.0.reason'],
  [{ outcomes: [{ when: 'true', outcome: 'refused', retryAfterSeconds: 5 }] }, 'outcomes.0.outcome'],
  [
    { outcomes: [{ when: 'true', outcome: 'over_quota', retryAfterSeconds: 0 }] },
    'outcomes.0.retryAfterSeconds',
  ],
  [{ outcomes: [{ when: 'true', outcome: 'refused', status: 5 }] }, 'outcomes.0.status'],
  [{ idPattern: 'ID' }, 'idPattern'],
  [{ idPattern: '{id}{*}' }, 'idPattern'],
  [{ codePattern: 'ERR {id}' }, 'codePattern'],
  [{ codePath: 'a..b' }, 'codePath'],
  [{ report: { statuses: { D: 'arrived' } } }, 'report.statuses'],
  [{ report: { codes: { 5: 'delivered' } } }, 'report.codes'],
  [{ report: { id: [] } }, 'report.id'],
  [{ report: { id: 'a b' } }, 'report.id'],
  [{ report: { items: 'a..b' } }, 'report.items'],
  [{ report: { separator: 'ab' } }, 'report.separator'],
  [{ report: { fields: 'x' } }, 'report.fields'],
  [{ reply: { from: 5 } }, 'reply.from'],
];

describe('an invalid mapping', () => {
  it.each(WRONG_MAPPINGS)('is reported with its key: %j', (over, expected) => {
    const block = { id: 'gw', type: 'http', url: 'https://gw.example.com', ...over };
    const made = plainToInstance(HttpSmsSettings, block, { exposeDefaultValues: true });
    const faults = validateSync(made, { whitelist: true, forbidNonWhitelisted: true });
    const paths = faults.flatMap(function walk(error): string[] {
      const children = (error.children ?? []).flatMap(walk);
      return children.length > 0 ? children.map((path) => `${error.property}.${path}`) : [error.property];
    });
    expect(paths).toEqual([expected]);
  });
});
