import { useEffect, useMemo, useRef, useState } from 'react';
import { useAppId } from '../../api/app-choice.js';
import { useMayChange } from '../../api/session.js';
import { useVendors, type Vendor } from '../../api/vendors.js';
import { useWelcome } from '../../api/welcome.js';
import { Button } from '../../parts/button.js';
import { ConfirmDialog } from '../../parts/dialog.js';
import { Marked } from '../../parts/marked.js';
import { Empty, Failure, Loading, Notice } from '../../parts/notice.js';
import { Page } from '../../parts/page.js';
import { QueryView } from '../../parts/query-view.js';
import { toast } from '../../parts/toast-list.js';
import { words } from '../../words.js';
import { AddPhone } from './add-phone.js';
import { Arrivals } from './arrivals.js';
import { PhoneView } from './phone.js';
import { phonesOf } from './phone-list.js';
import { PlayPanel } from './play-panel.js';
import { Plays } from './plays.js';
import { useAddPhones, useEmptyPhones, useMessages, usePhones } from './queries.js';
import { messagesOf } from './screen.js';
import { usePlays, type PlayLog } from './play-log.js';
import { Vendors } from './vendors.js';
import styles from './phones.module.css';

const texts = words.phones;
/** Each phone is drawn anew for every message. */
const MOST_DRAWN = 12;

/** Sandbox phones, a panel that plays CometChat, and the switches of the vendors. */
export function PhonesPage() {
  const vendors = useVendors();
  const chosen = useAppId();
  const [isAdding, setAdding] = useState(false);
  const [isEmptying, setEmptying] = useState(false);
  const mayChange = useMayChange();
  const appId = chosen ?? vendors.data?.[0]?.appId;
  const ofApp = vendors.data?.filter((vendor) => vendor.appId === appId) ?? [];
  const severalApps = new Set(vendors.data?.map((vendor) => vendor.appId)).size > 1;
  const isReady = appId !== undefined && ofApp.length > 0;
  const actions = isReady && mayChange && (
    <>
      <Button onClick={() => setEmptying(true)}>{texts.empty.open}</Button>
      <Button icon="phone" onClick={() => setAdding(true)}>
        {texts.add.open}
      </Button>
    </>
  );
  return (
    <Page
      heading={words.pages.phones}
      intro={isReady && severalApps ? `${texts.intro} ${texts.ofApp(appId)}` : texts.intro}
      actions={actions}
    >
      <QueryView query={vendors}>
        {(all) =>
          isReady ? (
            <Stage key={appId} appId={appId} vendors={ofApp} onAdd={() => setAdding(true)} />
          ) : (
            <NoSandbox appId={all.length > 0 ? appId : undefined} />
          )
        }
      </QueryView>
      {isReady && <AddPhone appId={appId} isOpen={isAdding} onClose={() => setAdding(false)} />}
      <EmptyPhones isOpen={isEmptying} onClose={() => setEmptying(false)} />
    </Page>
  );
}

interface StageProps {
  readonly appId: string;
  readonly vendors: readonly Vendor[];
  readonly onAdd: () => void;
}

/** Everything of one app. */
function Stage({ appId, vendors, onAdd }: StageProps) {
  const addresses = usePhones();
  const seeding = useFirstPhones(appId, addresses.data);
  const log = usePlays(appId);
  const mayChange = useMayChange();
  const owned = useMemo(
    () => phonesOf(addresses.data?.filter((address) => address.appId === appId) ?? []),
    [addresses.data, appId],
  );
  const uids = useMemo(() => [...new Set(owned.map(({ uid }) => uid))], [owned]);
  return (
    <div className={styles.stage}>
      <div>
        {mayChange ? (
          <PlayPanel key={uids.length > 1 ? 'known' : 'unknown'} uids={uids} log={log} />
        ) : (
          <Notice tone="quiet">{texts.viewer}</Notice>
        )}
      </div>
      <div className={styles.main}>
        <Plays log={log} />
        {addresses.isError && <Failure error={addresses.error} onRetry={addresses.refetch} />}
        {seeding.isError && <Failure error={seeding.error} onRetry={seeding.reset} />}
        {seeding.isPending ? (
          <Notice tone="wait" icon="phone">
            {texts.arriving}
          </Notice>
        ) : addresses.isPending ? (
          <Loading rows={8} />
        ) : owned.length === 0 ? (
          <NoPhones onAdd={onAdd} />
        ) : (
          <PhoneList phones={owned} log={log} />
        )}
        <Plays log={log} isEarlier />
      </div>
      <div className={styles.vendors}>
        <Vendors vendors={vendors} />
      </div>
    </div>
  );
}

/** In the demo, the first visit adds two phones. */
function useFirstPhones(appId: string, addresses: readonly unknown[] | undefined) {
  const isDemo = useWelcome().data?.isDemo;
  const mayChange = useMayChange();
  const add = useAddPhones();
  const { mutate } = add;
  const hasBegun = useRef(false);
  const isWanted = isDemo === true && mayChange && addresses?.length === 0;
  useEffect(() => {
    if (!isWanted || hasBegun.current) return;
    hasBegun.current = true;
    mutate([
      { appId, uid: 'ann', platform: 'android' },
      { appId, uid: 'ann', platform: 'sms' },
      { appId, uid: 'bob', platform: 'ios' },
    ]);
  }, [appId, isWanted, mutate]);
  return add;
}

function PhoneList({ phones, log }: { readonly phones: ReturnType<typeof phonesOf>; readonly log: PlayLog }) {
  const messages = useMessages();
  const played = log.plays[0];
  const drawn = useMemo(() => {
    if (phones.length <= MOST_DRAWN) return phones;
    const isNamed = ({ uid }: { uid: string }) => uid === played?.to || uid === played?.from;
    return [...phones.filter(isNamed), ...phones.filter((phone) => !isNamed(phone))].slice(0, MOST_DRAWN);
  }, [phones, played]);
  const [loadedAt] = useState(Date.now);
  return (
    <>
      {messages.isError && <Failure error={messages.error} onRetry={messages.refetch} />}
      {drawn.length < phones.length && <p>{texts.more(drawn.length, phones.length)}</p>}
      <ul className={styles.phones}>
        {drawn.map((phone) => (
          <li key={phone.key}>
            <PhoneView phone={phone} messages={messagesOf(phone, messages.data ?? [])} log={log} />
          </li>
        ))}
      </ul>
      <Arrivals phones={drawn} messages={messages.data ?? []} sinceMs={loadedAt} />
    </>
  );
}

function NoPhones({ onAdd }: { readonly onAdd: () => void }) {
  const mayChange = useMayChange();
  return (
    <Empty
      title={texts.none.title}
      actions={
        mayChange && (
          <Button look="main" icon="phone" onClick={onAdd}>
            {texts.none.add}
          </Button>
        )
      }
    >
      {texts.none.text}
    </Empty>
  );
}

/** @param appId the chosen app, if another one has a sandbox */
function NoSandbox({ appId }: { readonly appId: string | undefined }) {
  const { title, text, todo, example, demo, otherApp } = texts.noSandbox;
  if (appId !== undefined) return <Empty title={title}>{otherApp(appId)}</Empty>;
  return (
    <Notice tone="wait" title={title}>
      <p>
        <Marked text={text} />
      </p>
      <p>{todo}</p>
      <pre className={styles.example}>{example}</pre>
      <p>{demo}</p>
    </Notice>
  );
}

function EmptyPhones({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const empty = useEmptyPhones();
  const confirm = async () => {
    const { deleted } = await empty.mutateAsync();
    toast.done(texts.empty.done(deleted));
  };
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onClose={onClose}
      title={texts.empty.title}
      description={texts.empty.text}
      action={texts.empty.action}
      isDanger
      onConfirm={confirm}
    />
  );
}
