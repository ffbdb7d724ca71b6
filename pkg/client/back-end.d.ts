/**
 * What the operator's own back end is told across organizations.
 *
 * @packageDocumentation
 */

import type { OrganizationId, Slug, UserId, WebhookId } from "../index.js";
import type { Page } from "./answers.js";
import type { Member } from "./people.js";
import type { Event } from "./records.js";

/** A user whom Guildhall knows by memberships. */
export interface FoundUser {
  id: UserId;
  /** On a later page of the same list the same user may go on. */
  memberships: FoundMembership[];
}

/** A membership with its organization. */
export interface FoundMembership extends Member {
  organization: {
    id: OrganizationId;
    slug: Slug;
    name: string;
    state: "active" | "inactive" | "deleted";
    ownerId: UserId;
    version: number;
  };
}

/** An event with its place in the order of all events of the installation. */
export interface PositionedEvent extends Event {
  /** Greater than that of every event committed before. */
  position: number;
}

/** A page of all events. */
export interface EventPage extends Page<PositionedEvent> {
  /** Of the newest event there ever was; 0 when there was none. */
  lastPosition: number;
}

/** What `GET /v1/operations` answers. */
export interface OperationsState {
  cron: {
    /** Null when it never ran. */
    lastRunAt: string | null;
    /** How many parts of that run failed. */
    failedParts: number | null;
    /** When it last ran and nothing failed. */
    lastWholeRunAt: string | null;
  };
  mails: Backlog;
  webhooks: Backlog & {
    /** The first 100, those first that fail longest. */
    failing: FailingWebhook[];
    hasMoreFailing: boolean;
  };
}

/** What waits to be sent. */
export interface Backlog {
  /** Counted up to 1000. */
  waiting: number;
  hasMoreWaiting: boolean;
  /** When the oldest of it was made. */
  oldestWaitingSince: string | null;
}

/** A webhook at which nothing arrives. */
export interface FailingWebhook {
  webhookId: WebhookId;
  organizationId: OrganizationId;
  url: string;
  failingSince: string;
}
