import { IsBoolean } from 'class-validator';
import { BooleanSetting } from './settings.decorators.js';

/** What the operator may do. */
export class AdminSettings {
  /** Whether Bull Board may also pause, add, change, empty and destroy, beyond looking, retry and promote. */
  @BooleanSetting()
  @IsBoolean()
  queueActions: boolean = false;
}
