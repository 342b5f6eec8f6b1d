import { describe, expect, it } from '@jest/globals';
import { readSelection } from './device-selection.js';
import { sessionOfCredential } from '../../platform/auth/session-id.js';
import { sessionNamedBy } from './named-session.js';

describe('readSelection', () => {
  it('selects the caller’s own session by default', () => {
    expect(readSelection({}, 's1')).toEqual({ by: 'session', sessionId: 's1' });
    expect(readSelection({ all: 'false' }, null)).toEqual({ by: 'session', sessionId: null });
  });

  it('requires a selection if the caller has no session', () => {
    expect(() => readSelection({})).toThrow(expect.objectContaining({ code: 'DEVICE.SESSION_REQUIRED' }));
    expect(() => readSelection({ all: 'false' })).toThrow(
      expect.objectContaining({ code: 'DEVICE.SESSION_REQUIRED' }),
    );
  });

  it('selects all devices, a token or a session', () => {
    expect(readSelection({ all: 'true' }, 's1')).toEqual({ by: 'user' });
    expect(readSelection({ pushToken: 't' }, 's1')).toEqual({ by: 'token', token: 't' });
    expect(readSelection({ sessionId: 's2' })).toEqual({ by: 'session', sessionId: 's2' });
  });

  it.each([
    { all: 'true', pushToken: 't' } as const,
    { pushToken: 't', sessionId: 's' },
    { authToken: 'a', sessionId: 's' },
  ])('refuses two selections at once: %j', (query) => {
    expect(() => readSelection(query, 's1')).toThrow(
      expect.objectContaining({ code: 'REQUEST.INVALID_QUERY' }),
    );
  });
});

describe('session ids', () => {
  it('are the hash of an auth token', () => {
    const session = sessionNamedBy({ authToken: 'cometchat-uid-3_1710141033938cf7' }, 'DEVICE.INVALID_BODY');
    expect(session).toMatch(/^at_[A-Za-z0-9_-]{43}$/);
    expect(
      sessionNamedBy(
        { authToken: 'cometchat-uid-3_1710141033938cf7', sessionId: null },
        'DEVICE.INVALID_BODY',
      ),
    ).toBe(session);
    expect(sessionNamedBy({ authToken: 'another' }, 'DEVICE.INVALID_BODY')).not.toBe(session);
  });

  it('keep a valid name from a credential, and hash any other', () => {
    expect(sessionOfCredential(null)).toBeNull();
    expect(sessionOfCredential('s 1')).toBe('s 1');
    for (const awkward of ['s'.repeat(201), 'a\u0000'])
      expect(sessionOfCredential(awkward)).toMatch(/^sid_[A-Za-z0-9_-]{43}$/);
  });
});
