import { useQuery } from '@tanstack/react-query';
import { useAppId } from '../../api/app-choice.js';
import { api, bodyOf } from '../../api/client.js';
import { providersQuery } from '../../api/providers.js';
import { LinkButton } from '../../parts/button.js';
import { Copyable } from '../../parts/copyable.js';
import { Empty } from '../../parts/notice.js';
import { words } from '../../words.js';

const REFRESH_MS = 10_000;

/** Until the first notification: what to do. Afterwards nothing. */
export function FirstSteps() {
  const appId = useAppId();
  const app = appId === undefined ? {} : { appId };
  const first = useQuery({
    queryKey: ['notifications', 'any', appId],
    queryFn: () => bodyOf(api.GET('/v1/notifications', { params: { query: { limit: 1, ...app } } })),
    refetchInterval: ({ state }) => (state.data?.data.length === 0 ? REFRESH_MS : false),
  });
  const isFresh = first.data?.data.length === 0;
  const providers = useQuery({
    ...providersQuery,
    enabled: isFresh,
  });
  if (!isFresh || !providers.data) return null;
  const hasSandbox = providers.data.providers.some(
    (one) => one.type === 'sandbox' && (appId === undefined || one.appId === appId),
  );
  return hasSandbox ? <TryPhones /> : <ConnectCometChat />;
}

function TryPhones() {
  return (
    <Empty
      title={words.overview.freshTitle}
      actions={
        <LinkButton href="/phones" look="main" icon="phone">
          {words.overview.toPhones}
        </LinkButton>
      }
    >
      {words.overview.freshSandbox}
    </Empty>
  );
}

function ConnectCometChat() {
  const url = `${window.location.origin}/webhooks/cometchat/push`;
  return (
    <Empty
      title={words.overview.freshTitle}
      actions={
        <LinkButton href="/providers" look="main" icon="providers">
          {words.overview.toProviders}
        </LinkButton>
      }
    >
      <p>{words.overview.freshConnect}</p>
      <p>
        <Copyable text={url} what={words.overview.address} />
      </p>
    </Empty>
  );
}
