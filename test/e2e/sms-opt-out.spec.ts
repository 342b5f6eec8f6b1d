import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO, DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import { OPERATOR_AUTH, startTestGateway, type TestGateway } from '../support/gateway.js';
import { sms } from '../support/payloads.js';
import { until } from '../support/until.js';

const [demo] = DEMO_CONFIG.apps;
const OTHER_KEY = 'another-backend-key';
const silent = { stopReply: '', startReply: '', helpReply: '' };

const log: string[] = [];
let gateway: TestGateway;
beforeAll(async () => {
  const apps = [
    {
      ...demo,
      sms: { ...demo?.sms, optOut: { stopWords: ['ALTO'], helpWords: ['Ayuda'] } },
      // Rules do not apply to replies.
      rules: [{ name: 'nothing to strangers', when: 'uid == "unknown-sender"', then: { drop: true } }],
    },
    {
      ...demo,
      appId: 'silent',
      clients: { apiKeys: [OTHER_KEY] },
      sms: { ...demo?.sms, optOut: silent },
    },
  ];
  gateway = await startTestGateway({ config: { apps }, log: (line) => log.push(line) });
});
afterAll(() => gateway.close());

let ids = 0;
const say = async (
  from: string,
  text: string,
  id: string | null = `in-${(ids += 1)}`,
  app: string = DEMO.appId,
) => {
  const answer = await gateway.request({
    method: 'POST',
    url: `/callbacks/${app}/sms/sandbox/inbound?secret=${DEMO.callbackSecret}`,
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({ from, text, ...(id === null ? {} : { id }) }),
  });
  expect([answer.statusCode, answer.body]).toEqual([200, '{}']);
};
const ask = (path: string, body?: object, headers: Record<string, string> = { apikey: DEMO.apiKey }) =>
  gateway.request({
    method: body ? 'POST' : 'GET',
    url: `/v1/opt-outs${path}`,
    headers,
    ...(body ? { payload: body } : {}),
  });
const isOut = async (phno: string): Promise<boolean> => {
  const answer = await ask('/find', { phno });
  return answer.statusCode === 200 && answer.json<{ optedOut: boolean }>().optedOut;
};

let numbers = 2_000;
const number = (): string => `+1415555${(numbers += 1)}`;

/** Waits for `count` replies. @returns all replies to the number, oldest first. */
const repliesTo = async (phno: string, count: number): Promise<unknown[]> => {
  // Replies are planned in order: the reply to the last message arrives last.
  const last = number();
  await say(last, 'HELP');
  let own: unknown[] = [];
  return until(
    async () => {
      const messages = (await gateway.sandboxMessages()).toReversed();
      own = messages.filter(({ to }) => to === phno).map(({ message }) => message.text);
      return own.length >= count && messages.some(({ to }) => to === last) && own;
    },
    () => own,
  );
};

const STOPPED = expect.stringContaining('unsubscribed');
const STARTED = expect.stringMatching(/texts again/);
const HELPED = expect.stringContaining('Reply STOP');

describe('an inbound SMS', () => {
  it('opts out by STOP and in by START, with one reply per change', async () => {
    const phno = number();
    await say(phno, 'start');
    await say(phno, 'Stop.');
    expect(await isOut(phno)).toBe(true);
    await say(phno, 'STOP');
    await say(phno, 'unsubscribe');
    expect(await repliesTo(phno, 1)).toEqual([STOPPED]);
    await say(phno, 'Unstop');
    expect(await isOut(phno)).toBe(false);
    await say(phno, 'START');
    expect(await repliesTo(phno, 2)).toEqual([STOPPED, STARTED]);
    await say(phno, '¡Alto!');
    expect(await isOut(phno)).toBe(true);
    expect(await repliesTo(phno, 3)).toEqual([STOPPED, STARTED, STOPPED]);
  });

  it('is answered once if the vendor reports it several times at once', async () => {
    const phno = number();
    await Promise.all(Array.from({ length: 8 }, (_, index) => say(phno, 'STOP', index % 2 ? 'same' : null)));
    expect(await repliesTo(phno, 1)).toEqual([STOPPED]);
  });

  it('is answered once a day if it says HELP', async () => {
    const phno = number();
    await say(phno, 'HELP');
    await say(phno, 'ayuda?');
    expect(await repliesTo(phno, 1)).toEqual([HELPED]);
  });

  it('without a keyword is not answered', async () => {
    const phno = number();
    for (const text of ['hello', 'please do not stop', 'yes', '']) await say(phno, text);
    await say('Bellhop', 'STOP');
    expect(await isOut(phno)).toBe(false);
    expect(await repliesTo(phno, 0)).toEqual([]);
  });

  it('opts out of one app only, and is not answered without a configured reply', async () => {
    const phno = number();
    await say(phno, 'STOP', undefined, 'silent');
    expect(await isOut(phno)).toBe(false);
    expect((await ask('/find', { phno }, { apikey: OTHER_KEY })).json()).toMatchObject({
      appId: 'silent',
      optedOut: true,
      source: 'inbound',
      provider: 'sandbox',
    });
    expect(await repliesTo(phno, 0)).toEqual([]);
  });

  it('has its reply recorded in the ledger', async () => {
    const phno = number();
    await say(phno, 'STOP');
    await repliesTo(phno, 1);
    const page = await gateway.backend('GET', '/v1/notifications?uid=unknown-sender&limit=1');
    expect(page.json()).toMatchObject({
      data: [{ channel: 'sms', kind: 'sms', deliveries: [{ provider: 'sandbox', kind: 'sms' }] }],
    });
  });
});

describe('a delivery report with opted_out', () => {
  const failed = async (phno: string): Promise<() => Promise<void>> => {
    const accepted = await gateway.webhook('sms', sms(phno, `reader${phno.slice(-4)}`));
    const { notificationId } = accepted.json<{ notificationId: string }>();
    const record = await gateway.notification(notificationId);
    return async () => {
      const answer = await gateway.request({
        method: 'POST',
        url: `/callbacks/${DEMO.appId}/sms/sandbox/status?secret=${DEMO.callbackSecret}`,
        headers: { 'content-type': 'application/json' },
        payload: { reference: `${record.deliveries[0]?.id}-1`, status: 'failed', code: 'opted_out' },
      });
      expect(answer.statusCode).toBe(200);
    };
  };

  it('opts a number out', async () => {
    const phno = number();
    await (
      await failed(phno)
    )();
    expect((await ask('/find', { phno })).json()).toMatchObject({ optedOut: true, source: 'vendor' });
    // Only the SMS itself: the vendor has sent the confirmation.
    expect(await repliesTo(phno, 1)).toHaveLength(1);
  });

  it('does not undo a later START if it is repeated', async () => {
    const phno = number();
    const report = await failed(phno);
    await report();
    await say(phno, 'START');
    await report();
    expect(await isOut(phno)).toBe(false);
  });
});

describe('the opt-out routes', () => {
  const operator = { authorization: OPERATOR_AUTH };

  it('opt a number out, lift the opt-out, and report whether that changed anything', async () => {
    const phno = number();
    expect((await ask('/find', { phno })).json()).toMatchObject({
      statusCode: 404,
      code: 'OPT_OUT.NOT_FOUND',
    });
    const national = { phno: `(415) 555-${phno.slice(-4)}` };
    expect((await ask('', national)).json()).toEqual({ changed: true });
    expect((await ask('', { phno })).json()).toEqual({ changed: false });
    expect(await isOut(phno)).toBe(true);
    expect((await ask(`/lift?appId=${DEMO.appId}`, { phno }, operator)).json()).toEqual({ changed: true });
    expect((await ask('/lift', { phno })).json()).toEqual({ changed: false });
    expect((await ask('/find', { phno })).json()).toMatchObject({ optedOut: false, source: 'operator' });
    expect(await repliesTo(phno, 0)).toEqual([]);
  });

  it('list the opted-out numbers, masked and paged', async () => {
    const own = await Promise.all(
      Array.from({ length: 7 }, async () => {
        const phno = number();
        await ask('', { phno }, { apikey: OTHER_KEY });
        return phno;
      }),
    );
    const seen: { appId: string; phno: string; source: string }[] = [];
    let cursor: string | null = null;
    do {
      const page = await ask(`?limit=3${cursor === null ? '' : `&cursor=${cursor}`}`, undefined, {
        apikey: OTHER_KEY,
      });
      const { data, nextCursor } = page.json<{ data: typeof seen; nextCursor: string | null }>();
      seen.push(...data);
      cursor = nextCursor;
      for (const phno of own) expect(page.body).not.toContain(phno);
    } while (cursor !== null);
    expect(seen.filter(({ source }) => source === 'backend')).toHaveLength(own.length);
    expect(new Set(seen.map(({ appId }) => appId))).toEqual(new Set(['silent']));
    const all = (await ask('?limit=200', undefined, operator)).json<{ data: typeof seen }>().data;
    expect(new Set(all.map(({ appId }) => appId))).toEqual(new Set(['silent', DEMO.appId]));
  });

  it.each([
    ['an invalid number', '', { phno: 'call me' }, 400, 'OPT_OUT.INVALID_BODY'],
    ['a number that is not a string', '/lift', { phno: 1_415 }, 400, 'OPT_OUT.INVALID_BODY'],
    ['an invalid cursor', '?cursor=abc', undefined, 400, 'REQUEST.INVALID_QUERY'],
    ['the app of another backend', '/find?appId=silent', { phno: '+14155550100' }, 403, 'APP.UNKNOWN'],
  ])('refuse %s', async (_name, path, body, statusCode, code) => {
    expect((await ask(path, body)).json()).toMatchObject({ statusCode, code });
  });

  it('require the appId from an operator if there are several apps', async () => {
    expect((await ask('', { phno: '+14155550100' }, operator)).json()).toMatchObject({
      code: 'APP.REQUIRED',
    });
  });
});

describe('the log of opt-outs', () => {
  it('has a line for each inbound SMS, without its number', () => {
    expect(log.join('')).toContain('sms.inbound');
    expect(log.join('')).toContain('"source":"reply"');
    expect(log.join('')).not.toMatch(/1415555\d{4}/);
  });
});
