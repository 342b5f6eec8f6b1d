import { Controller, Get, Query } from '@nestjs/common';
import { ApiBasicAuth, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { MAX_SCANNED, MAX_SCANNED_WITH_ATTEMPTS } from '../../deliveries/notification-scan.js';
import { AllowAccess, CalledBy, type Caller } from '../../platform/auth/access.js';
import { AtOnce } from '../../platform/auth/caller-limits.js';
import { isViewer } from '../../platform/auth/is-viewer.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { ApiErrors } from '../../platform/http/api-errors.js';
import { toMoment } from '../../platform/http/moment.decorator.js';
import { Validated } from '../../platform/http/validated.js';
import { appOfQuery } from '../../platform/auth/app-of-query.js';
import { pageStart } from '../page-end.js';
import { withoutContent } from '../without-content.js';
import { PLACES } from './readers.js';
import { recognise } from './recognise.js';
import { SearchQueryDto, SearchResultDto } from './search.dto.js';
import { Searcher } from './searcher.js';

/** Search of the ledger, users and devices. A backend searches its app, the operator all. */
@ApiTags('ledger')
@ApiSecurity('apikey')
@ApiBasicAuth('operator')
@Controller('v1/search')
export class SearchController {
  constructor(
    private readonly config: GatewayConfig,
    private readonly searcher: Searcher,
  ) {}

  @Get()
  @AllowAccess('backend-or-operator')
  @AtOnce(8)
  @ApiErrors('REQUEST.INVALID_QUERY', 'APP.UNKNOWN')
  @ApiOperation({
    summary: 'Users, devices and notifications by whatever is known of them',
    description: `Recognises the query by its shape, and tries every index that may have it. A tag, the vendor’s id of a push, the call of a ring that was never planned, an SMS to a number without a contact and a uid without a device or contact are found by looking at notifications, newest first: ${MAX_SCANNED.toLocaleString('en')} at most in one request, ${MAX_SCANNED_WITH_ATTEMPTS.toLocaleString('en')} for a vendor’s id. \`scannedTo\` says how far it looked back; \`nextCursor\` goes on from there.`,
  })
  @ApiOkResponse({ type: SearchResultDto })
  async search(
    @Query(new Validated(SearchQueryDto, 'REQUEST.INVALID_QUERY')) query: SearchQueryDto,
    @CalledBy() caller: Caller,
  ): Promise<SearchResultDto> {
    const { q, appId, from, to, cursor, limit } = query;
    const app = appOfQuery(this.config, caller, appId);
    const found = await this.searcher.search(
      recognise(q),
      app ? { apps: [app], appIds: [app.appId] } : { apps: this.config.apps },
      {
        start: pageStart(cursor, PLACES),
        limit,
        from: from === undefined ? undefined : toMoment(from),
        to: to === undefined ? undefined : toMoment(to),
      },
    );
    return isViewer(caller) ? { ...found, data: found.data.map(withoutContent) } : found;
  }
}
