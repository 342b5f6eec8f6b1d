import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { CHANNELS } from '../../domain/notification.js';
import { SANDBOX_STATES, type SandboxState } from '../../domain/sandbox-switch.js';

export class SwitchVendorDto {
  @ApiProperty({ enum: SANDBOX_STATES })
  @IsIn(SANDBOX_STATES)
  state: SandboxState;
}

export class SandboxVendorDto extends SwitchVendorDto {
  @ApiProperty({ example: 'app123' })
  appId: string;
  @ApiProperty({ enum: CHANNELS })
  channel: string;
  @ApiProperty({ example: 'default', description: 'The provider’s id.' })
  provider: string;
}

export class SandboxVendorListDto {
  @ApiProperty({ type: [SandboxVendorDto], description: 'In the order of the configuration.' })
  data: SandboxVendorDto[];
}
