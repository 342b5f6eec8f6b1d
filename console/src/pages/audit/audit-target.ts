import { pageHref, personHref } from '../../api/page-href.js';
import type { AuditRecord } from './queries.js';

/** The page of the user whom an action concerned; undefined if there is none. */
export function hrefOfUser({ appId, uid }: AuditRecord): string | undefined {
  return uid !== null && appId !== null && uid !== '' ? personHref(appId, uid) : undefined;
}

/** The page of the target of an action; undefined if there is none. */
export function hrefOfTarget({ action, target }: AuditRecord): string | undefined {
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
