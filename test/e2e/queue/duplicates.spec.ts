import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO } from '../../../src/platform/config/demo-config.js';
import {
  startTestGateway,
  type NotificationJson,
  type StoryJson,
  type TestGateway,
} from '../../support/gateway.js';
import { push } from '../../support/payloads.js';
import { until } from '../../support/until.js';

interface Accepted {
  notificationId: string;
  duplicate: boolean;
}
interface PageJson {
  data: NotificationJson[];
  nextCursor: string | null;
}

let gateway: TestGateway;
const ids: Record<'once' | 'twice' | 'thrice' | 'asked', string> = {
  once: '',
  twice: '',
  thrice: '',
  asked: '',
};

const take = async (tag: string, uid: string): Promise<Accepted> =>
  (await gateway.webhook('push', push({ tag, sentAt: '1' }, uid))).json<Accepted>();
const ask = async (): Promise<Accepted> =>
  (
    await gateway.request({
      method: 'POST',
      url: '/v1/notifications',
      headers: { apikey: DEMO.apiKey, 'idempotency-key': 'order-1' },
      payload: { channel: 'push', to: { uid: 'ann' }, title: 'Order' },
    })
  ).json<Accepted>();
const list = async (query: string): Promise<string[]> => {
  const answer = await gateway.backend('GET', `/v1/notifications?${query}`);
  expect([answer.statusCode, answer.body]).toEqual([200, expect.anything()]);
  return answer.json<PageJson>().data.map(({ id }) => id);
};
const storyOf = async (id: string): Promise<StoryJson> =>
  (await gateway.backend('GET', `/v1/notifications/${id}`)).json<StoryJson>();

beforeAll(async () => {
  gateway = await startTestGateway();
  for (const uid of ['ann', 'ben'])
    await gateway.backend('POST', `/v1/users/${uid}/devices`, {
      ...{ platform: 'fcm_android', fcmToken: `token-of-${uid}` },
    });
  ids.once = (await take('once', 'ann')).notificationId;
  for (const tag of ['twice', 'thrice', 'twice', 'thrice', 'thrice'] as const)
    ids[tag] = (await take(tag, tag === 'twice' ? 'ben' : 'ann')).notificationId;
  ids.asked = (await ask()).notificationId;
  await ask();
  await gateway.notifications(Object.values(ids));
  await until(
    async () => (await list('hasDuplicate=true')).length === 3,
    () => list('hasDuplicate=true'),
  );
});
afterAll(() => gateway.close());

describe('a notification that was received again', () => {
  it('says how often, and when last', async () => {
    expect((await storyOf(ids.thrice)).duplicates).toEqual({ count: 2, lastAt: expect.any(String) });
    expect((await storyOf(ids.twice)).duplicates).toMatchObject({ count: 1 });
    expect((await storyOf(ids.asked)).duplicates).toMatchObject({ count: 1 });
    expect((await storyOf(ids.once)).duplicates).toBeNull();
  });

  it('is found by the list', async () => {
    expect(await list('hasDuplicate=true')).toEqual([ids.asked, ids.thrice, ids.twice]);
    expect(await list('hasDuplicate=false')).toEqual([ids.once]);
    expect(await list('')).toHaveLength(4);
  });

  it('is found together with other filters, whichever index the list uses', async () => {
    expect(await list('hasDuplicate=true&uid=ann')).toEqual([ids.asked, ids.thrice]);
    expect(await list('hasDuplicate=false&uid=ben')).toEqual([]);
    expect(await list('hasDuplicate=true&status=sent&kind=chat')).toEqual([ids.thrice, ids.twice]);
    expect(await list('hasDuplicate=true&status=failed')).toEqual([]);
    expect(await list('hasDuplicate=true&provider=default&source=api')).toEqual([ids.asked]);
    expect(await list(`hasDuplicate=true&tag=thrice`)).toEqual([ids.thrice]);
  });

  it('is listed page by page', async () => {
    const found: string[] = [];
    let cursor: string | null = '';
    do {
      const next: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const answer = await gateway.backend('GET', `/v1/notifications?hasDuplicate=true&limit=1${next}`);
      const page = answer.json<PageJson>();
      found.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(found).toEqual([ids.asked, ids.thrice, ids.twice]);
  });

  it.each(['yes', '1', ''])('is not found by hasDuplicate=%s', async (value) => {
    const answer = await gateway.backend('GET', `/v1/notifications?hasDuplicate=${value}`);
    expect([answer.statusCode, answer.json()]).toMatchObject([400, { errors: [{ path: 'hasDuplicate' }] }]);
  });
});
