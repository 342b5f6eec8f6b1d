import { useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Dto } from '../api/client.js';
import { pageHref, personHref } from '../api/page-href.js';
import type { IconName } from '../parts/icon.js';
import { formatTime } from '../parts/format.js';
import { stateWord, wordOf, words } from '../words.js';

/** Something that a search found, and its page. */
export interface Hit {
  readonly href: string;
  readonly icon: IconName;
  readonly title: string;
  readonly kind: string;
  readonly detail: string;
}

/** Entries of each kind in the list. */
const MOST_OF_A_KIND = 6;

/** @param query an empty one is not searched */
export function useSearchHits(query: string, appId: string | undefined) {
  return useQuery({
    queryKey: ['search', query, appId],
    queryFn: async ({ signal }) => {
      const found = await bodyOf(
        api.GET('/v1/search', {
          params: { query: { q: query, limit: MOST_OF_A_KIND, ...(appId !== undefined && { appId }) } },
          signal,
        }),
      );
      const hits = hitsOf(found);
      const isEmpty = hits.length === 0;
      return { query, hits: isEmpty ? missingOf(query, found) : hits, isEmpty, recognised: found.recognised };
    },
    enabled: query !== '',
    retry: false,
  });
}

function hitsOf({ users, devices, data }: Dto<'SearchResultDto'>): Hit[] {
  return [
    ...users.slice(0, MOST_OF_A_KIND).map(({ appId, uid }): Hit => ({
      href: personHref(appId, uid),
      icon: 'user',
      title: uid,
      kind: words.search.person,
      detail: appId,
    })),
    ...devices.slice(0, MOST_OF_A_KIND).map(({ appId, uid, id, platform, retiredAt }): Hit => ({
      href: pageHref(personHref(appId, uid), undefined, { device: id }),
      icon: 'phone',
      title: uid,
      kind: words.search.device(platform),
      detail: retiredAt === null ? appId : `${appId}, ${words.search.retired}`,
    })),
    ...data.slice(0, MOST_OF_A_KIND).map(({ id, uid, kind, status, receivedAt }): Hit => ({
      href: `/notifications/${id}`,
      icon: 'bell',
      title: uid,
      kind: words.search.notification(wordOf('kinds', kind)),
      detail: `${stateWord('status', status)}, ${formatTime(new Date(receivedAt))}`,
    })),
  ];
}

/** CometChat's id of a message, which it can be asked about. */
const MESSAGE_ID = /^\d{1,19}$/;

/** The page that asks CometChat why nothing came for a user or message. */
function missingOf(query: string, { recognised }: Dto<'SearchResultDto'>): Hit[] {
  const isTag = recognised.includes('tag') && MESSAGE_ID.test(query);
  if (!isTag && !recognised.includes('uid')) return [];
  return [
    {
      href: pageHref('/notifications', undefined, { [isTag ? 'tag' : 'uid']: query }),
      icon: 'question',
      title: query,
      kind: words.search.missing,
      detail: words.search.missingDetail,
    },
  ];
}
