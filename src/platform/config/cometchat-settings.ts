import { IsInt, IsOptional, IsString, IsUrl, Max, Min } from 'class-validator';
import { NumberSetting } from './settings.decorators.js';

/** How CometChat itself is asked: whose an auth token is, and what number it has for a person. */
export class CometChatSettings {
  /**
   * Scheme, host and port to call in place of `https://<appId>.apiclient-<region>.cometchat.io`, and of
   * `https://<appId>.api-<region>.cometchat.io`, where numbers are asked for.
   */
  @IsOptional()
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true, require_tld: false })
  apiEndpoint?: string;

  /** The app's REST API key, for questions that no user may ask: `sms.askCometChatForNumbers`. */
  @IsOptional()
  @IsString()
  restApiKey?: string;

  /** The certificate authority that `apiEndpoint` is trusted by, as PEM; `caFile` reads it from a file. */
  @IsOptional()
  @IsString()
  ca?: string;

  /** How long CometChat may take to answer, in milliseconds: somebody waits for it. */
  @NumberSetting()
  @IsInt()
  @Min(100)
  @Max(60_000)
  requestTimeoutMs: number = 3_000;
}
