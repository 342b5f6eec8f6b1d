import { BooleanSetting } from './settings.decorators.js';

export class AdminSettings {
  @BooleanSetting({
    description:
      'Whether Bull Board may also pause, add, change, empty and destroy; looking, retry and promote are always allowed.',
  })
  queueActions: boolean = false;
}
