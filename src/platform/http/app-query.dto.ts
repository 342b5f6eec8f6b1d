import { IsAppId } from './app-id.decorator.js';

/** The app, for the operator; a backend's key implies it. */
export class AppQueryDto {
  @IsAppId('For the operator, if several apps are configured.')
  appId?: string;
}
