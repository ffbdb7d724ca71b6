/**
 * A typed client of the HTTP API: every operation, nothing but `fetch`.
 *
 * @packageDocumentation
 */

import type {
  Action, Decision, Facts, Fetching, HeadersGiven, Slug,
  DomainId, InvitationId, JoinRequestId, LinkId, OrganizationId, RoleId, Role as RoleKey, TeamId, UserId, WebhookId,
} from "./index.js";
import type {
  CheckAnswer, CheckSlugAnswer, ChooseOrganizationAnswer, CurrentSession, DeleteDomainAnswer, DeleteLinkAnswer, DeleteRoleAnswer,
  DeleteTeamAnswer, DeleteWebhookAnswer, Delivery, Domain, DomainAnswer, Event, EventPage, EventsVerified, ExportLine, FoundUser, Health,
  ImportReport, InvitationAnswer, InvitationDeclined, InvitationPreview, InvitationsAnswer, InvitedInstead,
  JoinRequest, JoinRequestAnswer, JoinableOrganization, Joined, KeySet, LinkAnswer, ListSettingsAnswer,
  ListedInvitation, ListedLink, ListedOrganization, Mail, Me, Member, MemberAnswer, Organization, OrganizationAnswer,
  OperationsState, OrganizationDeleted, OrganizationPage, OutgoingWebhook, OwnJoinRequest, PassAnswer, PassportAnswer, PositionedEvent, PutDnsAnswer, ReadSettingAnswer,
  Readiness, ReceivedInvitation, RegistrationAnswer, RemoveMemberAnswer, RemoveTeamMemberAnswer, Resolution, Role,
  RoleAnswer, Session, SettleAnswer, Suppression, Team, TeamAnswer, TeamMember, TeamMemberAnswer, UserErased, Webhook, WebhookAnswer, WebhookTest, Page, Trial,
} from "./client/answers.js";
import type {
  AcceptInvitation, ActivateRegistration, AddMember, ApproveJoinRequest, AskToJoin, ChangeDomain, Check,
  ChooseOrganization, ClaimDomain, CreateLink, CreateOrganization, CreatePass, CreatePassport, CreateRole,
  CreateTeam, CreateWebhook, DeclineInvitation, DenyJoinRequest, EraseUser, ExportEvents, ExportOrganization, FindUsers, Invite,
  InviteMany, ListAllEvents, ListEvents, ListInvitations, ListJoinRequests, ListMembers, ListMyJoinRequests, ListOrganizations,
  ListTeams, PreviewInvitation, PutDns, PutTeamMember, ReadSetting, Register, RemoveMember, ResendInvitation,
  Resolve, RotateWebhook, Settle, SignIn, TransferOwnership, UpdateLink, UpdateMember, UpdateOrganization,
  UpdateRole, UpdateTeam, UpdateWebhook, VerifyEvents,
} from "./client/inputs.js";
import type { CallOptions, ChangeOptions, ClientOptions, CommandOptions, PostOptions } from "./client/calls.js";

export { GuildhallError, permissionsOf } from "./index.js";
export type * from "./client/answers.js";
export type * from "./client/inputs.js";
export type * from "./client/calls.js";
export type { Planner } from "./client/planner.js";

/** With `dryRun: true` it is a trial that is answered; where it may be true, either. */
export type Answer<T, O> = Promise<O extends { dryRun: true } ? Trial : "dryRun" extends keyof O ? (true extends O["dryRun"] ? T | Trial : T) : T>;

/** Which rows of a list. */
export interface PageQuery {
  /** Rows of a page, 1 to 100; 50 when nothing is said. */
  limit?: number;
  /** The `nextCursor` of another page. */
  cursor?: string;
}

/** A list: iterate over all its rows, page after page, or take one page. */
export interface List<T, P = Page<T>> extends AsyncIterable<T> {
  page(cursor?: string): Promise<P>;
}

/** Lines of JSON: iterate over all of them, however many answers they come in. */
export interface Lines<T> extends AsyncIterable<T> {}

/**
 * Makes a client. Nothing is sent yet.
 *
 * A service binding (`createClient(env.GUILDHALL)`) or a `Directory` alone will do where nobody need be signed in.
 *
 * Whatever is refused rejects with a {@link GuildhallError}: its `code`, and the answer's `status`, `requestId`
 * and `retryAfter`. Without a token, although there is a function for it, the code is `token_unavailable`. Without an answer, or with one that is not Guildhall's, the code is `unavailable`; what cannot be
 * sent (an id that is no text, a body that is no JSON, a token with a line break) is `invalid_value`, an option of a call
 * that does not exist `unknown_field`.
 *
 * @throws GuildhallError `unknown_field` for an option that does not exist; `invalid_value` for a `fetch` that is none,
 * an `operatorKey` that is none or stands beside a `token`, and an `actAs` without an operator key
 */
export function createClient(options?: ClientOptions): Client;

/** Operations of the caller and of the installation. */
export interface Client {
  readonly me: {
    /** Read the caller, their memberships and invitations. */
    get(options?: CallOptions): Promise<Me>;
    /** Sign the same for all of the caller's memberships. */
    passport(input?: CreatePassport, options?: PostOptions): Promise<PassportAnswer>;
    /** Remember a choice of organization, in a signed cookie. */
    chooseOrganization(input: ChooseOrganization, options?: CallOptions): Promise<ChooseOrganizationAnswer>;
    /** Forget the choice. */
    forgetChoice(options?: CallOptions): Promise<void>;
    readonly invitations: {
      /** List open invitations of the caller's verified address. */
      list(query?: PageQuery, options?: CallOptions): List<ReceivedInvitation>;
    };
    readonly joinRequests: {
      /** List the caller's join requests, newest first. */
      list(query?: ListMyJoinRequests & PageQuery, options?: CallOptions): List<OwnJoinRequest>;
    };
    readonly joinableOrganizations: {
      /** List organizations that the caller's verified address opens. */
      list(options?: CallOptions): List<JoinableOrganization>;
    };
    readonly suppressions: {
      /** List the caller's wishes not to be invited. */
      list(query?: PageQuery, options?: CallOptions): List<Suppression>;
      /** Take such a wish back. */
      remove(about: OrganizationId | "everywhere", options?: CallOptions): Promise<void>;
    };
  };
  readonly organizations: {
    /** List the caller's organizations, by name; for a platform admin all of them. */
    list(query?: ListOrganizations & PageQuery, options?: CallOptions): List<ListedOrganization, OrganizationPage>;
    /** Found an organization, which the caller owns. */
    create<O extends CommandOptions = {}>(input: CreateOrganization, options?: O): Answer<OrganizationAnswer, O>;
  };
  readonly slugs: {
    /** Ask whether a slug is free. */
    check(slug: string, options?: CallOptions): Promise<CheckSlugAnswer>;
  };
  /** Resolve the organization of this request. */
  resolve(query?: Resolve, options?: CallOptions): Promise<Resolution>;
  /** The same, and take in whoever has no organization. */
  settle(input?: Settle, options?: PostOptions & { explain?: boolean }): Promise<SettleAnswer>;
  readonly invitations: {
    /** See what a token leads to, before signing in. */
    preview(input: PreviewInvitation, options?: PostOptions): Promise<InvitationPreview>;
    /** Accept an invitation, or come in by a link. */
    accept<O extends CommandOptions = {}>(input: AcceptInvitation, options?: O): Answer<Joined, O>;
    /** Decline an invitation. */
    decline<O extends CommandOptions = {}>(input: DeclineInvitation, options?: O): Answer<InvitationDeclined, O>;
  };
  readonly registrations: {
    /** Register an organization for somebody not yet known. */
    create<O extends CommandOptions = {}>(input: Register, options?: O): Answer<RegistrationAnswer, O>;
    /** Take a registered organization over, signed in. */
    activate<O extends CommandOptions = {}>(input: ActivateRegistration, options?: O): Answer<OrganizationAnswer, O>;
  };
  readonly users: {
    /** Find users by id or proven address, with their memberships. */
    find(query: FindUsers & PageQuery, options?: CallOptions): List<FoundUser>;
    /** Erase a user. */
    erase<O extends ChangeOptions = {}>(user: UserId, input?: EraseUser, options?: O): Answer<UserErased, O>;
  };
  readonly events: {
    /** List events of all organizations, in the order of their commits. */
    list(query?: ListAllEvents & PageQuery, options?: CallOptions): List<PositionedEvent, EventPage>;
  };
  /** Whether mails, webhooks and the cron do their work. */
  operations(options?: CallOptions): Promise<OperationsState>;
  readonly imports: {
    /** Import a `dumpdata` file of django-organizations or django-ar-organizations. */
    django(input: object[], options?: PostOptions & { userId?: "pk" | "username" | "email"; site?: string }): Promise<ImportReport>;
  };
  readonly installation: {
    /** The public keys that check passes. */
    keys(options?: CallOptions): Promise<KeySet>;
    /** Whether it runs. */
    health(options?: CallOptions): Promise<Health>;
    /** Whether it can work. */
    readiness(options?: CallOptions): Promise<Readiness>;
    /** This document. */
    description(options?: CallOptions): Promise<{ [name: string]: unknown }>;
  };
  readonly dev: {
    /** Sign in as anybody, in the development mode. */
    signIn(input: SignIn, options?: PostOptions): Promise<Session>;
    /** Who is calling, in the development mode. */
    session(options?: CallOptions): Promise<CurrentSession>;
    /** Forget the session's cookies. */
    signOut(options?: CallOptions): Promise<void>;
    readonly outbox: {
      /** The newest 100 mails and webhook deliveries, delivered or not. */
      list(options?: CallOptions): List<Mail | OutgoingWebhook>;
    };
    /** Say what the development mode's DNS answers. */
    dns(input: PutDns, options?: CallOptions): Promise<PutDnsAnswer>;
  };
  /** Operations of one organization, by id or slug. */
  organization(id?: OrganizationId | Slug): OrganizationClient;
}

/** Operations of one organization. */
export interface OrganizationClient {
  /** Read an organization. */
  get(options?: CallOptions): Promise<Organization>;
  /** Change an organization. */
  update<O extends ChangeOptions = {}>(input: UpdateOrganization, options?: O): Answer<OrganizationAnswer, O>;
  /** Delete an organization. */
  delete<O extends ChangeOptions = {}>(options?: O): Answer<OrganizationDeleted, O>;
  /** Suspend an organization. */
  deactivate<O extends CommandOptions = {}>(options?: O): Answer<OrganizationAnswer, O>;
  /** End a suspension. */
  activate<O extends CommandOptions = {}>(options?: O): Answer<OrganizationAnswer, O>;
  /** Take a deletion back. */
  restore<O extends CommandOptions = {}>(options?: O): Answer<OrganizationAnswer, O>;
  /** End a deleted organization for good. */
  purge<O extends CommandOptions = {}>(options?: O): Answer<OrganizationDeleted, O>;
  /** Ask what the caller, or another member, may do. */
  check(input: Check, options?: PostOptions): Promise<CheckAnswer>;
  /** Sign a pass of the caller's membership. */
  pass(input?: CreatePass, options?: PostOptions): Promise<PassAnswer>;
  /** Export all of an organization as lines of JSON. */
  export(query?: ExportOrganization, options?: CallOptions): Lines<ExportLine>;
  readonly settings: {
    /** Read the settings. */
    all(options?: CallOptions): Promise<ListSettingsAnswer>;
    /** Read one setting. */
    get(key: string, query?: ReadSetting, options?: CallOptions): Promise<ReadSettingAnswer>;
  };
  readonly ownership: {
    /** Hand an organization over. */
    transfer<O extends CommandOptions = {}>(input: TransferOwnership, options?: O): Answer<OrganizationAnswer, O>;
    /** Take a nomination back. */
    withdraw<O extends ChangeOptions = {}>(options?: O): Answer<OrganizationAnswer, O>;
    /** Accept a nomination. */
    accept<O extends CommandOptions = {}>(options?: O): Answer<OrganizationAnswer, O>;
    /** Decline a nomination. */
    decline<O extends CommandOptions = {}>(options?: O): Answer<OrganizationAnswer, O>;
  };
  readonly members: {
    /** List members. */
    list(query?: ListMembers & PageQuery, options?: CallOptions): List<Member>;
    /** Add a known user. */
    add<O extends CommandOptions & { ifAbsent?: boolean } = {}>(input: AddMember, options?: O): Answer<MemberAnswer, O>;
    /** Read a member. */
    get(user: UserId | "me", options?: CallOptions): Promise<Member>;
    /** Change a member's roles, title, state or end. */
    update<O extends ChangeOptions = {}>(user: UserId | "me", input: UpdateMember, options?: O): Answer<MemberAnswer, O>;
    /** Remove a member, or leave (`me`). */
    remove<O extends ChangeOptions = {}>(user: UserId | "me", input?: RemoveMember, options?: O): Answer<RemoveMemberAnswer, O>;
  };
  readonly invitations: {
    /** List invitations, newest first. */
    list(query?: ListInvitations & PageQuery, options?: CallOptions): List<ListedInvitation>;
    /** Invite an address. */
    create<O extends CommandOptions = {}>(input: Invite, options?: O): Answer<InvitationAnswer, O>;
    /** Invite up to 100 addresses. */
    createMany<O extends CommandOptions = {}>(input: InviteMany, options?: O): Answer<InvitationsAnswer, O>;
    /** Withdraw an invitation. */
    revoke<O extends ChangeOptions = {}>(invitation: InvitationId, options?: O): Answer<InvitationAnswer, O>;
    /** Send an invitation again, with a new token. */
    resend<O extends CommandOptions = {}>(invitation: InvitationId, input?: ResendInvitation, options?: O): Answer<InvitationAnswer, O>;
  };
  readonly links: {
    /** List links, newest first. */
    list(query?: PageQuery, options?: CallOptions): List<ListedLink>;
    /** Make a link. */
    create<O extends CommandOptions = {}>(input?: CreateLink, options?: O): Answer<LinkAnswer, O>;
    /** Read a link. */
    get(link: LinkId, options?: CallOptions): Promise<ListedLink>;
    /** Switch a link, or change its end or its uses. */
    update<O extends ChangeOptions = {}>(link: LinkId, input: UpdateLink, options?: O): Answer<LinkAnswer, O>;
    /** End a link. */
    delete<O extends ChangeOptions = {}>(link: LinkId, options?: O): Answer<DeleteLinkAnswer, O>;
    /** Give a link a new token. */
    rotate<O extends CommandOptions = {}>(link: LinkId, options?: O): Answer<LinkAnswer, O>;
  };
  readonly joinRequests: {
    /** List join requests, newest first. */
    list(query?: ListJoinRequests & PageQuery, options?: CallOptions): List<JoinRequest>;
    /** Ask to be let in. */
    create<O extends CommandOptions = {}>(input?: AskToJoin, options?: O): Answer<JoinRequest | MemberAnswer | InvitedInstead, O>;
    /** Let somebody in. */
    approve<O extends CommandOptions = {}>(request: JoinRequestId, input?: ApproveJoinRequest, options?: O): Answer<JoinRequestAnswer, O>;
    /** Turn somebody away. */
    deny<O extends CommandOptions = {}>(request: JoinRequestId, input?: DenyJoinRequest, options?: O): Answer<JoinRequestAnswer, O>;
    /** Withdraw one's own request. */
    withdraw<O extends CommandOptions = {}>(request: JoinRequestId, options?: O): Answer<JoinRequest, O>;
    /** Withdraw one's own request. */
    delete<O extends ChangeOptions = {}>(request: JoinRequestId, options?: O): Answer<JoinRequest, O>;
  };
  readonly domains: {
    /** List claims, oldest first. */
    list(query?: PageQuery, options?: CallOptions): List<Domain>;
    /** Claim a domain. */
    create<O extends CommandOptions = {}>(input: ClaimDomain, options?: O): Answer<DomainAnswer, O>;
    /** Read a claim. */
    get(domain: DomainId, options?: CallOptions): Promise<Domain>;
    /** Change what a verified domain opens. */
    update<O extends ChangeOptions = {}>(domain: DomainId, input: ChangeDomain, options?: O): Answer<DomainAnswer, O>;
    /** Give a claim up. */
    delete<O extends ChangeOptions = {}>(domain: DomainId, options?: O): Answer<DeleteDomainAnswer, O>;
    /** Look for the proof. */
    verify<O extends CommandOptions = {}>(domain: DomainId, options?: O): Answer<DomainAnswer, O>;
  };
  readonly roles: {
    /** List roles, the built-in ones first. */
    list(options?: CallOptions): List<Role>;
    /** Make a role. */
    create<O extends CommandOptions = {}>(input: CreateRole, options?: O): Answer<RoleAnswer, O>;
    /** Read a role. */
    get(role: RoleKey | RoleId, options?: CallOptions): Promise<Role>;
    /** Change a role's name or permissions. */
    update<O extends ChangeOptions = {}>(role: RoleKey | RoleId, input: UpdateRole, options?: O): Answer<RoleAnswer, O>;
    /** End a role. */
    delete<O extends ChangeOptions & { moveTo?: RoleKey } = {}>(role: RoleKey | RoleId, options?: O): Answer<DeleteRoleAnswer, O>;
  };
  readonly teams: {
    /** List the teams that the caller may see, by name. */
    list(query?: ListTeams, options?: CallOptions): List<Team>;
    /** Make a team. */
    create<O extends CommandOptions = {}>(input: CreateTeam, options?: O): Answer<TeamAnswer, O>;
    /** Read a team. */
    get(team: TeamId, options?: CallOptions): Promise<Team>;
    /** Rename or move a team. */
    update<O extends ChangeOptions = {}>(team: TeamId, input: UpdateTeam, options?: O): Answer<TeamAnswer, O>;
    /** End a team. */
    delete<O extends ChangeOptions & { cascade?: boolean } = {}>(team: TeamId, options?: O): Answer<DeleteTeamAnswer, O>;
    readonly members: {
      /** List who is in a team. */
      list(team: TeamId, query?: PageQuery, options?: CallOptions): List<TeamMember>;
      /** Read what somebody holds in a team. */
      get(team: TeamId, user: UserId | "me", options?: CallOptions): Promise<TeamMember>;
      /** Put a member into a team, or change their roles there. */
      put<O extends ChangeOptions = {}>(team: TeamId, user: UserId | "me", input?: PutTeamMember, options?: O): Answer<TeamMemberAnswer, O>;
      /** Take somebody out of a team, or leave it (`me`). */
      remove<O extends ChangeOptions = {}>(team: TeamId, user: UserId | "me", options?: O): Answer<RemoveTeamMemberAnswer, O>;
    };
  };
  readonly events: {
    /** List events. */
    list(query?: ListEvents & PageQuery, options?: CallOptions): List<Event>;
    /** The same as lines of JSON. */
    export(query?: ExportEvents, options?: CallOptions): Lines<Event>;
    /** Check that the log is what was written. */
    verify(query?: VerifyEvents, options?: CallOptions): Promise<EventsVerified>;
  };
  readonly webhooks: {
    /** List webhooks, oldest first. */
    list(query?: PageQuery, options?: CallOptions): List<Webhook>;
    /** Make a webhook. */
    create<O extends CommandOptions = {}>(input: CreateWebhook, options?: O): Answer<WebhookAnswer, O>;
    /** Read a webhook. */
    get(webhook: WebhookId, options?: CallOptions): Promise<Webhook>;
    /** Change or switch a webhook. */
    update<O extends ChangeOptions = {}>(webhook: WebhookId, input: UpdateWebhook, options?: O): Answer<WebhookAnswer, O>;
    /** End a webhook. */
    delete<O extends ChangeOptions = {}>(webhook: WebhookId, options?: O): Answer<DeleteWebhookAnswer, O>;
    /** Give a webhook a new secret. */
    rotate<O extends CommandOptions = {}>(webhook: WebhookId, input?: RotateWebhook, options?: O): Answer<WebhookAnswer, O>;
    /** Send a test. */
    test<O extends CommandOptions = {}>(webhook: WebhookId, options?: O): Answer<WebhookTest, O>;
    readonly deliveries: {
      /** List what was sent, newest first. */
      list(webhook: WebhookId, query?: PageQuery, options?: CallOptions): List<Delivery>;
    };
  };
  /**
   * What an action would come to on facts at hand, decided here: to show it before the answer is there.
   * Throws as the API would refuse.
   */
  would(action: Action, facts: Facts, now?: number | string | Date): Decision;
}
