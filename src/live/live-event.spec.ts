import { describe, expect, it } from '@jest/globals';
import { EventBatch, eventOfApp, type Audience } from './live-event.js';

const operator = { appId: undefined, reader: 'operator' } as const;
const PLACE = new Date(7);

describe('EventBatch', () => {
  let conversions = 0;
  const eventOf = (appId: string) =>
    eventOfApp('notification', appId, (reader) => {
      conversions += 1;
      return { appId, reader, text: 'Grüße' };
    });
  const batch = new EventBatch([eventOf('one'), eventOf('two')]);

  it.each<[string, Audience, string[]]>([
    ['an operator', operator, ['one', 'two']],
    ['an operator of one app', { ...operator, appId: 'two' }, ['two']],
    ['a viewer', { ...operator, reader: 'viewer' }, ['one', 'two']],
    ['a backend', { appId: 'one', reader: 'backend' }, ['one']],
    ['a backend of an app without events', { appId: 'three', reader: 'backend' }, []],
  ])('gives %s what is theirs', (_, audience, appIds) => {
    const { reader } = audience;
    const text = appIds.map(
      (appId) => `event: notification\nid: 7\ndata: ${JSON.stringify({ appId, reader, text: 'Grüße' })}\n\n`,
    );
    expect(batch.bytesFor(audience, PLACE).toString()).toBe(text.join(''));
  });

  it('is converted once for each kind of reader, and encoded once for all at the same place', () => {
    conversions = 0;
    const fresh = new EventBatch([eventOf('one')]);
    const bytes = fresh.bytesFor(operator, PLACE);
    expect(fresh.bytesFor({ ...operator }, new Date(7))).toBe(bytes);
    expect(fresh.bytesFor(operator, new Date(8)).toString()).toContain('id: 8\n');
    expect(fresh.bytesFor(operator, undefined).toString()).not.toContain('id:');
    expect(conversions).toBe(1);
  });
});
