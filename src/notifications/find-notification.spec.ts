import { describe, expect, it } from '@jest/globals';
import { findNotification } from './find-notification.js';
import type { JobQueue } from '../queue/job-queue.js';
import type { SendNotification } from '../queue/jobs.js';

const ACCEPTED = { v: 1, appId: 'app123', uid: 'ann' } as SendNotification;
const queueWith = (plan: SendNotification | undefined): JobQueue =>
  ({ find: async () => plan }) as unknown as JobQueue;
/** A ledger with these answers, in order. */
const ledger = (...answers: (string | undefined)[]) => {
  const left = [...answers];
  return { left, find: async () => left.shift() };
};

describe('findNotification', () => {
  it('finds a planned notification in the ledger', async () => {
    const { find } = ledger('record');
    expect(await findNotification(find, queueWith(undefined), 'n')).toEqual({ record: 'record' });
  });

  it('finds an accepted notification in the queue', async () => {
    const { find } = ledger(undefined);
    expect(await findNotification(find, queueWith(ACCEPTED), 'n')).toEqual({ accepted: ACCEPTED });
  });

  it('finds a notification that is planned between the two lookups', async () => {
    const { find, left } = ledger(undefined, 'record');
    expect(await findNotification(find, queueWith(undefined), 'n')).toEqual({ record: 'record' });
    expect(left).toEqual([]);
  });

  it('finds nothing for an unknown id', async () => {
    expect(await findNotification(ledger().find, queueWith(undefined), 'n')).toBeUndefined();
  });
});
