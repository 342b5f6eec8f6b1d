import { describe, expect, it } from '@jest/globals';
import { ProviderUnavailable } from '../../domain/outcome.js';
import { PushServices } from './push-services.js';
import { VapidAuthorization } from './vapid.js';

/** Services that record which of them were opened and closed. */
function noted(): { services: PushServices; opened: string[]; closed: string[] } {
  const opened: string[] = [];
  const closed: string[] = [];
  const services = new PushServices((origin) => {
    opened.push(origin);
    const close = async (): Promise<void> => void closed.push(origin);
    const request = (): Promise<never> => Promise.reject(new Error('not asked'));
    return { client: { request, close }, authorization: new VapidAuthorization(() => '', Date.now) };
  });
  return { services, opened, closed };
}

describe('PushServices', () => {
  it('opens each service once', () => {
    const { services, opened } = noted();
    expect(services.at('https://a')).toBe(services.at('https://a'));
    expect(opened).toEqual(['https://a']);
  });

  it('closes the least recently used service beyond the limit', () => {
    const { services, closed } = noted();
    for (let i = 0; i < 64; i += 1) services.at(`https://${i}`);
    services.at('https://0');
    expect(closed).toEqual([]);
    services.at('https://one-too-many');
    expect(closed).toEqual(['https://1']);
  });

  it('closes all services once and opens no more', async () => {
    const { services, closed } = noted();
    services.at('https://a');
    services.at('https://b');
    await Promise.all([services.close(), services.close()]);
    expect(closed).toEqual(['https://a', 'https://b']);
    expect(() => services.at('https://a')).toThrow(ProviderUnavailable);
  });
});
