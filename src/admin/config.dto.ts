import { ApiProperty } from '@nestjs/swagger';
import { SETTING_SOURCES } from '../platform/config/effective-settings.js';
import { ROLES } from '../platform/config/process-settings.js';

class SettingDto {
  @ApiProperty({
    example: 'apps[0].region',
    description: 'A variable of the environment, or a path in the configuration file.',
  })
  path: string;
  @ApiProperty({
    nullable: true,
    example: 'us',
    description: 'Any JSON value; null: not set. A secret that is set reads `[set]`.',
  })
  value: unknown;
  @ApiProperty({
    enum: SETTING_SOURCES,
    description: '`environment` also if the file refers to a variable; `demo`: of the built-in demo.',
  })
  source: string;
}

class MigrationsDto {
  @ApiProperty({ description: 'Number of migrations that the database has.' })
  applied: number;
  @ApiProperty({ description: 'Number of migrations of this version that it lacks.' })
  missing: number;
  @ApiProperty({ type: String, nullable: true, example: '0023_replays' })
  last: string | null;
}

class PartitionDto {
  @ApiProperty({ example: 'notification' })
  table: string;
  @ApiProperty({ example: 'notification_20260301' })
  name: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Null: all earlier rows.' })
  from: Date | null;
  @ApiProperty({ type: String, format: 'date-time', description: 'Exclusive.' })
  to: Date;
}

export class ConfigDto {
  @ApiProperty({ example: '0.1.0' })
  version: string;
  @ApiProperty({ example: 'v20.20.2', description: 'Version of Node.js.' })
  node: string;
  @ApiProperty({ enum: ROLES, description: 'Of the process that answers.' })
  role: string;
  @ApiProperty({ type: [SettingDto] })
  settings: SettingDto[];
  @ApiProperty({ type: MigrationsDto })
  migrations: MigrationsDto;
  @ApiProperty({ type: [PartitionDto], description: 'Of the ledger, by table and time.' })
  partitions: PartitionDto[];
}
