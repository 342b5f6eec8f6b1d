import { useState } from 'react';
import { useFilters } from '../../api/filters.js';
import { useMayChange } from '../../api/session.js';
import { Button } from '../../parts/button.js';
import { Cards } from '../../parts/card.js';
import type { Fact } from '../../parts/facts.js';
import { Section } from '../../parts/page.js';
import { ToneLabel } from '../../parts/state-label.js';
import { LOOKS } from '../../parts/states.js';
import { Time } from '../../parts/time.js';
import { wordOf, words } from '../../words.js';
import { DeviceCard } from './device-card.js';
import { deviceName } from './device-names.js';
import { useDeviceCare, type PersonKey, type RetiredDevice } from './queries.js';
import { ReasonDialog } from './reason-dialog.js';

interface RetiredDevicesProps {
  readonly person: PersonKey;
  readonly devices: readonly RetiredDevice[];
}

/** The devices that receive nothing, each with who said so and why. */
export function RetiredDevices({ person, devices }: RetiredDevicesProps) {
  const [restored, setRestored] = useState<RetiredDevice>();
  const care = useDeviceCare(person);
  const [{ device: named }] = useFilters(['device']);
  const mayChange = useMayChange();
  const { button, title, text, action, done } = words.person.restore;
  if (devices.length === 0 && restored === undefined) return null;
  return (
    <Section heading={words.person.retiredDevices}>
      <Cards width={22}>
        {devices.map((device) => (
          <DeviceCard
            key={device.id}
            device={device}
            isNamed={device.id === named}
            state={<ToneLabel {...LOOKS.none} text={words.person.facts.retired} />}
            facts={factsOf(device)}
            actions={
              mayChange &&
              (device.restorable ? (
                <Button onClick={() => setRestored(device)}>{button}</Button>
              ) : (
                <p className="quiet">{words.person.notRestorable}</p>
              ))
            }
          />
        ))}
      </Cards>
      <ReasonDialog
        isOpen={restored !== undefined}
        onClose={() => setRestored(undefined)}
        {...{ title, action, done }}
        text={restored ? text(deviceName(restored)) : ''}
        onConfirm={async (reason) => {
          if (restored) await care.mutateAsync({ deviceId: restored.id, what: 'restore', reason });
        }}
      />
    </Section>
  );
}

const factsOf = ({ retiredAt, by, reason, code, createdAt }: RetiredDevice): Fact[] => {
  const { facts } = words.person;
  return [
    [facts.retired, <Time key="at" at={retiredAt} isRelative />],
    [facts.by, words.person.by[by] ?? by],
    [facts.reason, wordOf('reasons', reason)],
    [facts.code, code === null ? undefined : <code>{code}</code>],
    [facts.registered, <Time key="registered" at={createdAt} />],
  ];
};
