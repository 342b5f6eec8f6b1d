import { useState } from 'react';
import { shortened } from '../../parts/shortened.js';
import type { PersonKey, User } from './queries.js';
import { useMayChange } from '../../api/session.js';
import { Button, LinkButton } from '../../parts/button.js';
import { CopyButton } from '../../parts/copy-button.js';
import { Empty } from '../../parts/notice.js';
import { Page } from '../../parts/page.js';
import { QueryView } from '../../parts/query-view.js';
import { toast } from '../../parts/toast-list.js';
import { words } from '../../words.js';
import { Devices } from './devices.js';
import { EraseDialog } from './erase-dialog.js';
import { LastNotifications } from './last-notifications.js';
import styles from './person.module.css';
import { PlanPreview } from './plan-preview.js';
import { useExport, usePerson } from './queries.js';
import { RetiredDevices } from './retired-devices.js';
import { Sms } from './sms.js';

const LONGEST_HEADING = 100;

export function PersonPage(person: PersonKey) {
  const { appId, uid } = person;
  const user = usePerson(person);
  const mayChange = useMayChange();
  return (
    <Page
      heading={shortened(uid, LONGEST_HEADING)}
      intro={
        <div className={styles.intro}>
          <span>{words.person.app(appId)}</span>
          <CopyButton text={uid} what={words.person.theUid} />
          {!mayChange && <span>{words.person.readOnly}</span>}
        </div>
      }
      actions={mayChange && user.isSuccess && <Actions person={person} />}
    >
      <QueryView query={user} rows={8} failure={words.person.failed}>
        {(data) => (isUnknown(data) ? <Unknown /> : <Details person={person} user={data} />)}
      </QueryView>
    </Page>
  );
}

function Actions({ person }: { readonly person: PersonKey }) {
  const [isErasing, setErasing] = useState(false);
  const saved = useExport(person);
  const save = () =>
    saved.mutate(undefined, {
      onSuccess: () => toast.done(words.person.export.done, words.person.export.doneText),
      onError: (error) => toast.failed(words.person.export.failed, error),
    });
  return (
    <>
      <Button isBusy={saved.isPending} onClick={save}>
        {words.person.export.button}
      </Button>
      <Button look="danger" onClick={() => setErasing(true)}>
        {words.person.erase.button}
      </Button>
      <EraseDialog person={person} isOpen={isErasing} onClose={() => setErasing(false)} />
    </>
  );
}

function Details({ person, user }: { readonly person: PersonKey; readonly user: User }) {
  return (
    <>
      <Devices person={person} devices={user.devices} />
      <RetiredDevices person={person} devices={user.retiredDevices} />
      <Sms person={person} user={user} />
      <PlanPreview person={person} />
      <LastNotifications person={person} />
    </>
  );
}

function Unknown() {
  return (
    <Empty
      title={words.person.unknown}
      actions={<LinkButton href="/people">{words.person.findAnother}</LinkButton>}
    >
      {words.person.unknownText}
    </Empty>
  );
}

const isUnknown = ({ devices, retiredDevices, contact, optOuts, notifications }: User): boolean =>
  contact === null && [devices, retiredDevices, optOuts, notifications].every((list) => list.length === 0);
