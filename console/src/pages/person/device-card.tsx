import { useEffect, useRef, type ReactNode } from 'react';
import { Card } from '../../parts/card.js';
import { Facts, type Fact } from '../../parts/facts.js';
import { words } from '../../words.js';
import { deviceName } from './device-names.js';
import type { RetiredDevice, UserDevice } from './queries.js';

interface DeviceCardProps {
  readonly device: UserDevice | RetiredDevice;
  /** Its state as a label. */
  readonly state: ReactNode;
  /** Facts of its state, before those of the device. */
  readonly facts: readonly Fact[];
  readonly actions?: ReactNode;
  /** The page was opened for it. */
  readonly isNamed: boolean;
}

/** One device with its facts; undefined facts are left out. */
export function DeviceCard({ device, state, facts, actions, isNamed }: DeviceCardProps) {
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isNamed) card.current?.scrollIntoView({ block: 'center' });
  }, [isNamed]);
  return (
    <Card
      ref={card}
      heading={deviceName(device)}
      aside={state}
      actions={actions}
      isMarked={isNamed}
      data-device={device.id}
    >
      <Facts
        facts={[
          ...facts,
          [words.person.facts.provider, device.providerId],
          [words.person.facts.token, <code key="token">{device.pushToken}</code>],
          [words.person.facts.session, device.sessionId],
          [words.person.facts.timezone, device.timezone],
        ]}
      />
    </Card>
  );
}
