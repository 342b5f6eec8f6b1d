import { describe, expect, it } from '@jest/globals';
import { findRecordOrPlan } from './find-plan.js';
import type { JobQueue } from '../queue/job-queue.js';
import type { PlanNotification } from '../queue/jobs.js';

const ACCEPTED = { v: 1, appId: 'app123', uid: 'ann' } as PlanNotification;
const queueWith = (plan: PlanNotification | undefined): JobQueue =>
  ({ find: async () => plan }) as unknown as JobQueue;
/** A ledger that answers one look-up after the other. */
const ledger = (...answers: (string | undefined)[]) => {
  const left = [...answers];
  return { left, find: async () => left.shift() };
};

describe('a notification', () => {
  it('is in the ledger once it is planned', async () => {
    const { find } = ledger('record');
    expect(await findRecordOrPlan(find, queueWith(undefined), 'n')).toEqual({ record: 'record' });
  });

  it('is in the queue until then', async () => {
    const { find } = ledger(undefined);
    expect(await findRecordOrPlan(find, queueWith(ACCEPTED), 'n')).toEqual({ accepted: ACCEPTED });
  });

  it('is found where it was planned between the two look-ups', async () => {
    const { find, left } = ledger(undefined, 'record');
    expect(await findRecordOrPlan(find, queueWith(undefined), 'n')).toEqual({ record: 'record' });
    expect(left).toEqual([]);
  });

  it('is nowhere where nobody has it', async () => {
    expect(await findRecordOrPlan(ledger().find, queueWith(undefined), 'n')).toBeUndefined();
  });
});
