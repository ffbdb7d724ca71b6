/**
 * Who wants what.
 *
 * @packageDocumentation
 */

import type {
  Change, DomainId, DomainName, GrantableRole, InvitationId, JoinRequestId, JsonObject, LinkId, MembershipId,
  Millis, OrganizationId, OrganizationState, RegistrationId, Role, RoleId, Slug, TeamId, UserId, WebhookId,
} from "./values.js";
import type { MemberKind, MembershipState } from "./resolution.js";
import type { DomainPolicy } from "./facts.js";

/** Who wants what, of which organization. */
export interface Command {
  actor: Principal;
  target: Target;
  /** Organizations that the request names elsewhere, by id or slug; they must be the same one. */
  hints?: (OrganizationId | Slug)[];
  /** Hosts that the request was sent to; whoever has verified one must be the same organization. */
  hosts?: string[];
  /** The version at which the caller means it, or several of which any will do, if that matters to them. */
  ifMatch?: number | number[] | null;
  action: Action;
}

/** Who is calling. */
export interface Principal {
  userId: UserId;
  email?: string | null;
  /** Whether there is proof that the address is theirs. Without it, it proves nothing. */
  emailVerified?: boolean;
  /** Whether the session was opened with a second factor. */
  mfa?: boolean;
  name?: string | null;
  /** `system` is the installation itself, whose clock closes what is past its time. */
  kind?: "user" | "service" | "platform_admin" | "system";
}

/** What a command is about. */
export type Target =
  /** An organization that does not exist yet, by the id it shall have. */
  | { new: OrganizationId }
  /** An existing one, by id or by slug. */
  | { organization: OrganizationId | Slug }
  /** The organization that an invitation leads to. */
  | { invitation: { id: InvitationId } | { digest: string } }
  /** The organization that the link for many with this digest leads to. */
  | { link: string }
  /** The organization that the registration with this digest founded. */
  | { registration: string };

/** What a command does. Ids and digests of what would be new are given, never made here. */
export type Action =
  | {
      type: "organization.create";
      /** The id of the owner's membership. */
      membership: MembershipId;
      /** Whose it is, if a platform admin creates it for another user. */
      owner?: UserId | null;
      name: string;
      slug: { exact: Slug } | { firstFree: Slug[] };
      metadata: JsonObject;
      settings: JsonObject;
      logoUrl?: string | null;
      seatLimit?: number | null;
      /** Whether it is the founder's alone. */
      personal?: boolean;
    }
  | {
      /** Changes what is given and nothing else. */
      type: "organization.update";
      name?: string | null;
      slug?: Slug | null;
      /** A merge patch (RFC 7386): null removes a key. */
      metadata?: JsonObject | null;
      /** A merge patch (RFC 7386): null removes a key. */
      settings?: JsonObject | null;
      logoUrl?: Change<string> | null;
      joinRequests?: "open" | "off" | null;
      /** Platform admins only. */
      seatLimit?: Change<number> | null;
      countPending?: boolean | null;
      requireVerifiedEmail?: boolean | null;
      requireMfa?: boolean | null;
    }
  | { type: "organization.deactivate" }
  | { type: "organization.activate" }
  | { type: "organization.delete" }
  | { type: "organization.restore" }
  /** Leaves nothing of a deleted organization; `early` is before its time, for platform admins. */
  | { type: "organization.purge"; early: boolean }
  | { type: "organization.nominate_owner"; to: UserId; expiresAt: Millis }
  | { type: "organization.accept_ownership" }
  | { type: "organization.decline_ownership" }
  | { type: "organization.withdraw_nomination" }
  | { type: "organization.transfer"; to: UserId }
  | {
      type: "member.add";
      membership: MembershipId;
      user: UserId;
      email?: string | null;
      name?: string | null;
      roles: GrantableRole[];
      kind?: MemberKind;
      title?: string | null;
      until?: Millis | null;
      /** Whether an existing member is success (and stays as is) instead of `already_member`. */
      ifAbsent: boolean;
    }
  | { type: "member.remove"; user: UserId }
  /** Takes in somebody who is in no organization, as a plain member; the installation itself asks. */
  | { type: "member.auto_join"; membership: MembershipId; user: Principal }
  | {
      /** Changes what is given and nothing else. */
      type: "member.update";
      user: UserId;
      roles?: GrantableRole[] | null;
      title?: Change<string> | null;
      state?: MembershipState | null;
      until?: Change<Millis> | null;
    }
  | { type: "role.create"; role: RoleId; key: Role; name: string; permissions: string[] }
  | { type: "role.update"; role: RoleId | Role; name?: string | null; permissions?: string[] | null }
  | { type: "role.delete"; role: RoleId | Role; moveTo?: Role | null }
  /** An owner names who owns the organization then. */
  | { type: "member.leave"; successor?: UserId | null }
  /** One step of erasing a user; platform admins only. */
  | { type: "user.erase"; user: UserId; emails: string[] }
  | { type: "team.create"; team: TeamId; name: string; parent?: TeamId | null }
  | { type: "team.update"; team: TeamId; name?: string | null; parent?: Change<TeamId> | null }
  /** Without `cascade` a team with teams below it stays. */
  | { type: "team.delete"; team: TeamId; cascade: boolean }
  /** Without roles, a new one is plain member and others keep theirs. */
  | { type: "team.put_member"; team: TeamId; user: UserId; roles?: GrantableRole[] | null }
  | { type: "team.remove_member"; team: TeamId; user: UserId }
  | {
      type: "invitation.create";
      invitation: InvitationId;
      email: string;
      roles: GrantableRole[];
      teams?: TeamId[];
      digest: string;
      expiresAt: Millis;
      message?: string | null;
      locale?: string | null;
      /** Whether Guildhall sends the token; otherwise the caller does. */
      notify: boolean;
    }
  | {
      /** Invites up to 100 addresses, each as if it were invited alone after those before it. */
      type: "invitation.create_many";
      lines: InviteLine[];
    }
  | { type: "invitation.resend"; invitation: InvitationId; digest: string; expiresAt: Millis; notify: boolean }
  | { type: "invitation.revoke"; invitation: InvitationId }
  | { type: "invitation.accept"; membership: MembershipId }
  /** `suppress`: who must not invite the address again. */
  | { type: "invitation.decline"; suppress?: "organization" | "everywhere" | null }
  /** Closes invitations past their time; the installation itself asks. */
  | { type: "organization.close_overdue" }
  /** That the name is no registry's and no mail provider's is not checked here: only the API has the list. */
  | { type: "domain.create"; domain: DomainId; name: DomainName; policy: DomainPolicy; challenge: string }
  /** `found`: the TXT values that were looked up. */
  | { type: "domain.verify"; domain: DomainId; name: DomainName; found: string[] }
  | { type: "domain.update"; domain: DomainId; policy: DomainPolicy }
  | { type: "domain.delete"; domain: DomainId }
  /** Looks at a proof again; the installation itself asks. */
  | { type: "domain.recheck"; domain: DomainId; found: string[] }
  | {
      type: "invitation_link.create";
      link: LinkId;
      roles: GrantableRole[];
      digest: string;
      maxUses?: number | null;
      allowedDomains: string[];
      disabled: boolean;
      expiresAt: Millis;
    }
  | {
      /** Changes what is given and nothing else. */
      type: "invitation_link.update";
      link: LinkId;
      disabled?: boolean | null;
      maxUses?: Change<number> | null;
      expiresAt?: Millis | null;
    }
  | { type: "invitation_link.rotate"; link: LinkId; digest: string }
  | { type: "invitation_link.delete"; link: LinkId }
  | { type: "invitation_link.accept"; membership: MembershipId }
  | {
      type: "join_request.create";
      request: JoinRequestId;
      message?: string | null;
      /** What would be new where a verified domain answers at once; without it, it does not. */
      door?: { membership: MembershipId; invitation: InvitationId; digest: string; expiresAt: Millis } | null;
    }
  | { type: "join_request.approve"; request: JoinRequestId; membership: MembershipId; roles: GrantableRole[] }
  | { type: "join_request.deny"; request: JoinRequestId; silent: boolean }
  | { type: "join_request.withdraw"; request: JoinRequestId }
  /** That the address is not the installation's own is not checked here: only the API knows. */
  | { type: "webhook.create"; webhook: WebhookId; url: string; events: string[]; description?: string | null; seed: string }
  | {
      /** Changes what is given and nothing else. */
      type: "webhook.update";
      webhook: WebhookId;
      url?: string | null;
      events?: string[] | null;
      description?: Change<string> | null;
      state?: "active" | "disabled" | null;
    }
  /** `overlap`: for how many seconds the old secret is used as well. */
  | { type: "webhook.rotate"; webhook: WebhookId; seed: string; overlap: number }
  | { type: "webhook.delete"; webhook: WebhookId }
  /** `message`: `msg_` and 32 hexadecimal digits of a UUIDv7. */
  | { type: "webhook.test"; webhook: WebhookId; message: string }
  /** Gives an address up; the installation itself asks. */
  | { type: "webhook.disable"; webhook: WebhookId; url: string; because: "asked" | "failing" | "gone" }
  | {
      /** Founds an inactive organization that whoever gets the token activates. */
      type: "registration.create";
      registration: RegistrationId;
      membership: MembershipId;
      name: string;
      /** Best first; one that was chosen stands alone. */
      slugs: Slug[];
      /** The slug until it is activated. */
      holding: Slug;
      email: string;
      digest: string;
      expiresAt: Millis;
      seatLimit?: number | null;
    }
  | {
      type: "registration.activate";
      membership: MembershipId;
      /** In place of those that were registered. */
      slug?: Slug | null;
    }
  /** Deletes what was registered and not activated in time; the installation itself asks. */
  | { type: "registration.expire" }
  | {
      /** Takes over an organization from another system; platform admins only. */
      type: "organization.import";
      name: string;
      /** Slugs to try, best first. */
      slugs: Slug[];
      state: OrganizationState;
      metadata: JsonObject;
      settings: JsonObject;
      createdAt: Millis;
      owner: UserId;
      members: ImportedMember[];
    };

/** One of many invitations. */
export interface InviteLine {
  invitation: InvitationId;
  email: string;
  roles: GrantableRole[];
  teams?: TeamId[];
  digest: string;
  expiresAt: Millis;
  message?: string | null;
  locale?: string | null;
  /** Whether Guildhall sends the token; otherwise the caller does. */
  notify: boolean;
}

/** A member of an imported organization. */
export interface ImportedMember {
  membership: MembershipId;
  user: UserId;
  email?: string | null;
  name?: string | null;
  roles: GrantableRole[];
  joinedAt: Millis;
}
