import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readPayload } from './job-payload.js';
import { JOB_POLICIES } from './jobs.js';

// Committed as this version writes them: a later one has to read them, whatever it writes itself.
const DIRECTORY = 'test/fixtures/jobs/v1';
const fixtures = readdirSync(DIRECTORY).map((file) => {
  const { name, data } = JSON.parse(readFileSync(path.join(DIRECTORY, file), 'utf8')) as {
    name: string;
    data: Record<string, unknown>;
  };
  return [name, data] as const;
});

it('there is a fixture of every kind of job that carries something', () => {
  const names = Object.keys(JOB_POLICIES).filter((name) => !['device.sweep', 'ledger.prune'].includes(name));
  expect(fixtures.map(([name]) => name).toSorted()).toEqual(names.toSorted());
});

describe.each(fixtures)('a %s', (name, data) => {
  it('of version 1 is read', () => expect(readPayload(name, data)).toEqual({ state: 'readable' }));

  it('is read with fields of a later version', () =>
    expect(readPayload(name, { ...data, colour: 'blue' })).toEqual({ state: 'readable' }));

  it('of a later version is left for those who know it', () =>
    expect(readPayload(name, { v: 2, other: true })).toEqual({ state: 'newer', version: 2 }));

  it.each(Object.keys(data))('makes no sense without its %s', (field) => {
    const { [field]: _left, ...rest } = data;
    // What nobody needs may be missing.
    const state = field === 'kind' && name !== 'notification.plan' ? 'readable' : 'senseless';
    expect(readPayload(name, rest).state).toBe(state);
    expect(readPayload(name, { ...rest, [field]: null }).state).toBe(state);
  });

  it.each([undefined, null, 'text', 7, [], {}, { ...data, v: '1' }, { ...data, v: 0 }])(
    'makes no sense as %j',
    (nonsense) => expect(readPayload(name, nonsense).state).toBe('senseless'),
  );
});

it('a kind of job that is not known is left for those who know it', () => {
  expect(readPayload('push.recall', { v: 1 })).toEqual({ state: 'newer', version: 1 });
  expect(readPayload('toString', {})).toEqual({ state: 'newer', version: undefined });
});

it('a job that carries nothing is read whatever it carries', () => {
  expect(readPayload('ledger.prune', {})).toEqual({ state: 'readable' });
});
