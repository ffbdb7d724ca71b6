//! Invitations, from both ends.

use super::links;
use super::members::roles;
use super::organizations::moved;
use crate::app::keys::TokenKind;
use crate::app::mint::Mint;
use crate::app::ports::{Cache, Entropy, Failure, InvitationFilter, Store};
use crate::domain::command::{
    AcceptInvitation, AcceptLink, Action, DeclineInvitation, InvitationKey, InviteMember, ResendInvitation,
    RevokeInvitation, Target,
};
use crate::domain::denial::{Denial, Reason};
use crate::domain::email::Email;
use crate::domain::id::{InvitationId, OrganizationId, TeamId};
use crate::domain::invitation::{Invitation, InvitationState};
use crate::domain::permission::Permission;
use crate::domain::quota::InvitationLimits;
use crate::domain::resolve::Affiliation;
use crate::domain::role::Roles;
use crate::domain::secret::SecretDigest;
use crate::domain::suppression::SuppressionScope;
use crate::domain::table::Set;
use crate::domain::text::{Locale, Message};
use crate::domain::time::Timestamp;
use crate::wire::answer::Answer;
use crate::wire::body::Fields;
use crate::wire::call::{Call, SeedUse, Wanted};
use crate::wire::present;
use crate::wire::query::Cursors;
use serde_json::json;

/// The most teams that one invitation leads into.
const MOST_TEAMS: usize = 20;

/// `GET /v1/organizations/{org}/invitations`
pub async fn list<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let user = &call.principal()?.user_id;
    let query = call.query(&["state", "limit", "cursor"])?;
    let state = query.read("state", InvitationState::parse)?;
    let context = ["invitations", user.as_str(), state.map_or("", InvitationState::as_str)];
    let cursors = Cursors::new(&call.app.config.keys, &context);
    let (place, limit) = (cursors.place::<(OrganizationId, InvitationId)>(&query)?, query.limit()?);
    let before = place.map(|(_, id)| id);
    let filter = InvitationFilter { state, now: call.app.now, before, limit: limit.saturating_add(1) };
    let found = call.app.store.invitations(&call.reach()?, &filter).await?;
    let opened = call.open_rows(found, Permission::InvitationRead)?;
    if opened.moved {
        return Ok(moved(call, opened.affiliation.slug.as_str()));
    }
    require_own_cursor(place.map(|(organization, _)| organization), &opened.affiliation)?;
    let void = call.app.void_invitations(&opened.rows).await?;
    let show = |row: &Invitation| present::listed_invitation(row, call.app.now, &void);
    let ended = |row: &Invitation| row.state_at(call.app.now) != row.state || void.contains(&row.id);
    // A row whose time is over leaves a list of one state, and nothing in the list tells.
    let timeless = state.is_none() && !opened.rows.iter().any(ended);
    let page = cursors.page(opened.rows, limit, |row| json!([row.organization, row.id]), show);
    Ok(Answer::json(200, &page).at_version_with(opened.affiliation.version, timeless))
}

/// Rule: a cursor goes on in the organization it was given out for, by whatever name that is called.
///
/// # Errors
/// `cursor_invalid`.
pub fn require_own_cursor(given_for: Option<OrganizationId>, affiliation: &Affiliation) -> Result<(), Denial> {
    if given_for.is_none_or(|organization| organization == affiliation.organization) {
        return Ok(());
    }
    Err(Denial::from(Reason::CursorInvalid).at("cursor"))
}

/// `POST /v1/organizations/{org}/invitations`
pub fn create<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Wanted, Failure> {
    call.principal()?;
    call.query(&[])?;
    let mint = Mint::new(call.app.entropy, call.app.now);
    let token = mint.invitation_token(&call.app.config.keys)?;
    let action = invite(call, Fields::of(call.request)?, (mint.invitation()?, token.digest))?;
    let seed = SeedUse { seed: token.seed, shown: !action.notify };
    Ok(Wanted::with(action, seed))
}

/// Reads what is wanted of one invitation, alone or among many.
///
/// # Errors
/// What the fields are refused with, naming the field.
pub fn invite<S, C, E>(
    call: &Call<'_, S, C, E>,
    mut fields: Fields,
    (invitation, digest): (InvitationId, SecretDigest),
) -> Result<InviteMember, Denial> {
    let notify = fields.maybe_bool("notify")?.unwrap_or(true);
    let action = InviteMember {
        invitation,
        email: fields.text("email", Email::parse)?,
        roles: roles(&mut fields)?.unwrap_or_else(Roles::member),
        teams: teams(&mut fields)?,
        digest,
        expires_at: expiry(call, &mut fields)?,
        message: fields.maybe_text("message", Message::parse)?,
        locale: fields.maybe_text("locale", Locale::parse)?,
        notify,
    };
    fields.end().map(|()| action)
}

fn teams(fields: &mut Fields) -> Result<Set<TeamId>, Denial> {
    let ids = fields.maybe_list("teams", MOST_TEAMS, TeamId::parse_given)?;
    Ok(ids.unwrap_or_default().into_iter().collect())
}

fn expiry<S, C, E>(call: &Call<'_, S, C, E>, fields: &mut Fields) -> Result<Timestamp, Denial> {
    let limits = &call.app.config.policy.invitations;
    let seconds = fields.maybe_number("expiresIn", InvitationLimits::SHORTEST..=limits.longest)?;
    let seconds = seconds.unwrap_or(limits.lifetime);
    Ok(call.app.now.plus_seconds(seconds))
}

/// `POST /v1/organizations/{org}/invitations/{id}/resend`
pub fn resend<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, id: &str) -> Result<Wanted, Failure> {
    let mut fields = call.optional_body()?;
    let token = Mint::new(call.app.entropy, call.app.now).invitation_token(&call.app.config.keys)?;
    let notify = fields.maybe_bool("notify")?.unwrap_or(true);
    let invitation = InvitationId::parse(id)?;
    let action = ResendInvitation { invitation, digest: token.digest, expires_at: expiry(call, &mut fields)?, notify };
    fields.end()?;
    Ok(Wanted::with(action, SeedUse { seed: token.seed, shown: !notify }))
}

/// `DELETE /v1/organizations/{org}/invitations/{id}`
pub fn revoke<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, id: &str) -> Result<Wanted, Failure> {
    call.bare()?;
    let action = RevokeInvitation { invitation: InvitationId::parse(id)? };
    Ok(action.into())
}

/// `POST /v1/invitations/preview`: for whoever holds the token, signed in or not.
pub async fn preview<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    call.query(&[])?;
    call.require_real()?;
    let mut fields = Fields::of(call.request)?;
    let token = fields.text("token", token)?;
    fields.end()?;
    let key = match token {
        Token::Invitation(digest) => InvitationKey::Digest(digest),
        Token::Link(digest) => return links::preview(call, &digest).await,
    };
    // One that nobody could accept any more shows nothing: its holder may have been removed since.
    let invited = call.app.preview(&key).await?;
    Ok(Answer::json(200, &present::preview(&invited, call.app.now)))
}

/// `POST /v1/invitations/accept`
pub async fn accept<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let mut fields = body(call)?;
    let target = answered(&mut fields)?;
    fields.end()?;
    let membership = Mint::new(call.app.entropy, call.app.now).membership()?;
    let action: Action = match target {
        Target::Link(_) => AcceptLink { membership }.into(),
        _ => AcceptInvitation { membership }.into(),
    };
    call.command(target, action, None).await
}

/// `POST /v1/invitations/decline`
pub async fn decline<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    let mut fields = body(call)?;
    let target = answered(&mut fields)?;
    let suppress = fields.maybe_text("suppress", SuppressionScope::parse)?;
    fields.end()?;
    if let Target::Link(_) = target {
        // Nobody in particular was asked, so nobody can say no for the others.
        return Err(Reason::InvitationInvalid.into());
    }
    call.command(target, DeclineInvitation { suppress }.into(), None).await
}

fn body<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Fields, Denial> {
    call.principal()?;
    call.query(&[])?;
    Fields::of(call.request)
}

/// The invitation that a body names: by its token or by its id, not by both.
fn answered(fields: &mut Fields) -> Result<Target, Denial> {
    let token = fields.maybe_text("token", token)?.map(Token::target);
    let id = fields
        .maybe_text("invitationId", InvitationId::parse_given)?
        .map(|id| Target::Invitation(InvitationKey::Id(id)));
    match (token, id) {
        (Some(target), None) | (None, Some(target)) => Ok(target),
        (Some(_), Some(_)) => {
            Err(Denial::about(Reason::InvalidValue, "invitationId", "send `token` or `invitationId`, not both"))
        }
        (None, None) => Err(Denial::about(Reason::MissingField, "token", "`token` is missing")),
    }
}

/// A token that lets in: its prefix says whom.
enum Token {
    Invitation(SecretDigest),
    Link(SecretDigest),
}

impl Token {
    fn target(self) -> Target {
        match self {
            Token::Invitation(digest) => Target::Invitation(InvitationKey::Digest(digest)),
            Token::Link(digest) => Target::Link(digest),
        }
    }
}

/// Rule: a token of another kind, or of no kind, is no invitation.
fn token(text: &str) -> Result<Token, Denial> {
    let is = |kind: TokenKind| text.starts_with(kind.prefix()) && text.len() < 100;
    if is(TokenKind::Invitation) {
        Ok(Token::Invitation(SecretDigest::of(text)))
    } else if is(TokenKind::Link) {
        Ok(Token::Link(SecretDigest::of(text)))
    } else {
        Err(Reason::InvitationInvalid.into())
    }
}
