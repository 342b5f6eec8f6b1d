import { pageHref, personHref } from '../../api/page-href.js';
import type { AuditRecord } from './queries.js';

/** The page about what an action concerned; undefined if there is none. */
export function hrefOfTarget({ action, appId, uid, target }: AuditRecord): string | undefined {
  if (uid !== null && appId !== null && uid !== '') return personHref(appId, uid);
  const [room] = action.split('.');
  switch (room ?? '') {
    case 'notification':
    case 'test':
      return target === null ? undefined : `/notifications/${encodeURIComponent(target)}`;
    case 'replay':
      return target === null ? undefined : pageHref('/replay', undefined, { replay: target });
    case 'provider':
      return '/providers';
    case 'queue':
      return '/queue-state';
    case 'sandbox':
      return '/phones';
    default:
      return undefined;
  }
}
