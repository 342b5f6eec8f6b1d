import { useState } from 'react';
import { useAppId } from '../../api/app-choice.js';
import { useVendors } from '../../api/vendors.js';
import { Cards } from '../../parts/card.js';
import { Empty } from '../../parts/notice.js';
import { Page, Section } from '../../parts/page.js';
import { QueryView } from '../../parts/query-view.js';
import { TestDialog } from '../../parts/test-dialog.js';
import { wordOf, words } from '../../words.js';
import { Marked } from '../../parts/marked.js';
import { ProviderCard } from './provider-card.js';
import type { Provider } from '../../api/providers.js';
import styles from './providers.module.css';
import { useProviders } from './queries.js';
import { ReleaseDialog } from './release-dialog.js';

const text = words.providers;

/** The dialog that is open; one serves all cards. */
interface Opened {
  readonly dialog: 'release' | 'test';
  readonly provider: Provider;
}

/** Provider accounts by app and channel: their health, and what an operator can do about it. */
export function ProvidersPage() {
  const appId = useAppId();
  const query = useProviders();
  const vendors = useVendors().data ?? [];
  const [opened, setOpened] = useState<Opened>();
  const close = () => setOpened(undefined);
  return (
    <Page heading={words.pages.providers}>
      <QueryView query={query} rows={8} failure={text.failed}>
        {({ providers, readAtMs }) => {
          const groups = groupsOf(
            providers.filter((provider) => appId === undefined || provider.appId === appId),
          );
          if (groups.length === 0)
            return (
              <Empty title={text.none}>
                <Marked text={text.noneText} />
              </Empty>
            );
          return (
            <div className={styles.groups}>
              {groups.map(({ key, heading, members }) => (
                <Section key={key} heading={heading}>
                  <Cards width={26}>
                    {members.map((provider, index) => (
                      <ProviderCard
                        key={`${provider.id} ${index}`}
                        provider={provider}
                        readAtMs={readAtMs}
                        vendor={vendors.find(
                          (vendor) =>
                            vendor.appId === provider.appId &&
                            vendor.channel === provider.channel &&
                            vendor.provider === provider.id,
                        )}
                        onRelease={() => setOpened({ dialog: 'release', provider })}
                        onTest={() => setOpened({ dialog: 'test', provider })}
                      />
                    ))}
                  </Cards>
                </Section>
              ))}
            </div>
          );
        }}
      </QueryView>
      {opened?.dialog === 'release' && <ReleaseDialog provider={opened.provider} onClose={close} />}
      {opened?.dialog === 'test' && <ProviderTest provider={opened.provider} onClose={close} />}
    </Page>
  );
}

/** A test to a user over the provider's channel. */
function ProviderTest({ provider, onClose }: { readonly provider: Provider; readonly onClose: () => void }) {
  const { appId, channel } = provider;
  return (
    <TestDialog
      description={words.test.through(appId, wordOf('channels', channel))}
      kinds={channel === 'sms' ? ['sms'] : ['chat', 'call']}
      target={{ appId }}
      onClose={onClose}
    />
  );
}

interface Group {
  readonly key: string;
  readonly heading: string;
  readonly members: Provider[];
}

/** By app and channel, in the order of the configuration. */
function groupsOf(providers: readonly Provider[]): Group[] {
  const groups = new Map<string, Group>();
  for (const provider of providers) {
    const { appId, channel } = provider;
    const key = `${appId} ${channel}`;
    const heading = text.group(appId, wordOf('channels', channel));
    const group = groups.get(key) ?? { key, heading, members: [] };
    groups.set(key, group);
    group.members.push(provider);
  }
  return [...groups.values()];
}
