// Fields of the gateway's answers that commands show; `GET /docs-json` describes them all.

export interface AttemptJson {
  readonly attempt: number;
  readonly provider: string;
  readonly outcome: string;
  readonly vendorCode: string | null;
  readonly vendorText: string | null;
}

export interface DeliveryJson {
  readonly id: string;
  readonly provider: string | null;
  readonly kind: string | null;
  readonly address: string | null;
  readonly status: string;
  readonly reason: string | null;
  readonly attempts: readonly AttemptJson[];
}

export interface NotificationJson {
  readonly id: string;
  readonly appId: string;
  readonly channel: string;
  readonly kind: string;
  readonly uid: string;
  readonly status: string;
  readonly receivedAt: string;
  readonly settledAt: string | null;
  readonly deliveries: readonly DeliveryJson[];
}

export interface ExplanationJson {
  readonly summary: string;
  readonly cause: string | null;
  readonly fix: string | null;
  readonly link: string | null;
}

export interface StoryJson extends NotificationJson {
  readonly timeline: readonly { readonly at: string; readonly event: string; readonly text: string }[];
  readonly explanation: ExplanationJson;
}

export interface PageJson<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

export interface SearchJson extends PageJson<NotificationJson> {
  readonly recognised: readonly string[];
  readonly users: readonly { readonly appId: string; readonly uid: string }[];
}
