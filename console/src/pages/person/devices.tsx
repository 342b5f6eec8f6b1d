import { useState } from 'react';
import { Link } from 'wouter';
import { useFilters } from '../../api/filters.js';
import { useMayChange } from '../../api/session.js';
import type { TestKind } from '../../api/test-sends.js';
import { Button } from '../../parts/button.js';
import { Cards } from '../../parts/card.js';
import type { Fact } from '../../parts/facts.js';
import { Empty } from '../../parts/notice.js';
import { Section } from '../../parts/page.js';
import { ToneLabel } from '../../parts/state-label.js';
import { LOOKS } from '../../parts/states.js';
import { TestDialog } from '../../parts/test-dialog.js';
import { Time } from '../../parts/time.js';
import { wordOf, words } from '../../words.js';
import { DeviceCard } from './device-card.js';
import { deviceName } from './device-names.js';
import { useDeviceCare, type PersonKey, type UserDevice } from './queries.js';
import { ReasonDialog } from './reason-dialog.js';

interface DevicesProps {
  readonly person: PersonKey;
  readonly devices: readonly UserDevice[];
}

/** The devices in use, each with what happened last and what can be done. */
export function Devices({ person, devices }: DevicesProps) {
  const [tested, setTested] = useState<UserDevice>();
  const [retired, setRetired] = useState<UserDevice>();
  const [{ device: named }] = useFilters(['device']);
  const mayChange = useMayChange();
  return (
    <Section heading={words.person.devices}>
      {devices.length === 0 ? (
        <Empty title={words.person.noDevices}>{words.person.noDevicesText}</Empty>
      ) : (
        <Cards width={22}>
          {devices.map((device) => (
            <DeviceCard
              key={device.id}
              device={device}
              isNamed={device.id === named}
              state={<State device={device} />}
              facts={factsOf(device)}
              actions={
                mayChange && (
                  <>
                    <Button onClick={() => setTested(device)}>{words.test.button}</Button>
                    <Button onClick={() => setRetired(device)}>{words.person.retire.button}</Button>
                  </>
                )
              }
            />
          ))}
        </Cards>
      )}
      {tested && (
        <TestDialog
          description={words.test.toDevice(deviceName(tested))}
          kinds={kindsOf(tested)}
          target={{ appId: person.appId, deviceId: tested.id }}
          onClose={() => setTested(undefined)}
        />
      )}
      <RetireDialog person={person} device={retired} onClose={() => setRetired(undefined)} />
    </Section>
  );
}

/** A VoIP token only rings. */
const kindsOf = ({ platform }: UserDevice): readonly TestKind[] =>
  platform.endsWith('_voip') ? ['call', 'chat'] : ['chat', 'call'];

function State({ device: { lastAcceptedAt, lastRefused } }: { readonly device: UserDevice }) {
  if (lastRefused && (lastAcceptedAt === null || lastRefused.at > lastAcceptedAt))
    return <ToneLabel {...LOOKS.bad} text={words.person.refusedLast} />;
  if (lastAcceptedAt === null) return <ToneLabel {...LOOKS.unknown} text={words.person.notReached} />;
  return <ToneLabel {...LOOKS.good} text={words.person.reached} />;
}

const factsOf = (device: UserDevice): Fact[] => {
  const { facts } = words.person;
  const { lastAcceptedAt, lastRefused, createdAt, updatedAt } = device;
  return [
    [facts.accepted, lastAcceptedAt === null ? words.person.never : <Time at={lastAcceptedAt} isRelative />],
    [facts.refused, lastRefused ? <Refusal refused={lastRefused} /> : words.person.notRecently],
    [facts.registered, <Time key="at" at={createdAt} />],
    [facts.refreshed, updatedAt === createdAt ? undefined : <Time at={updatedAt} />],
    [facts.environment, device.environment],
    [facts.appVersion, device.appVersion],
    [facts.locale, device.locale],
  ];
};

function Refusal({ refused }: { readonly refused: NonNullable<UserDevice['lastRefused']> }) {
  const { at, notificationId, reason, vendorCode } = refused;
  const text = reason === null ? words.common.unknown : wordOf('reasons', reason);
  return (
    <>
      <Link href={`/notifications/${notificationId}`}>
        <Time at={at} isRelative />
      </Link>
      {`: ${words.person.refusal(text, vendorCode)}`}
    </>
  );
}

interface RetireDialogProps {
  readonly person: PersonKey;
  readonly device: UserDevice | undefined;
  readonly onClose: () => void;
}

function RetireDialog({ person, device, onClose }: RetireDialogProps) {
  const care = useDeviceCare(person);
  const { title, text, action, done } = words.person.retire;
  return (
    <ReasonDialog
      isOpen={device !== undefined}
      onClose={onClose}
      {...{ title, action, done }}
      text={device ? text(deviceName(device)) : ''}
      isDanger
      onConfirm={async (reason) => {
        if (device) await care.mutateAsync({ deviceId: device.id, what: 'retire', reason });
      }}
    />
  );
}
