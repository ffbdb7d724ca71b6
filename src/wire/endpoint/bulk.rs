//! Many invitations in one request.
//!
//! Owns which line of the body is which line of the command: what cannot be read is refused here, by
//! line, and never reaches the rules.

use super::invitations::invite;
use crate::app::execute::Executed;
use crate::app::mint::{Mint, MintedToken};
use crate::app::ports::{Cache, Entropy, Failure, Store, Unavailable};
use crate::domain::command::{InviteMember, InviteMembers, MOST_INVITED_AT_ONCE, OrganizationRef, Target};
use crate::domain::denial::Denial;
use crate::wire::answer::{Answer, Presented};
use crate::wire::body::Fields;
use crate::wire::call::{Call, SeedUse};
use crate::wire::present::bulk;
use crate::wire::query::{DRY_RUN, said_once};

/// `POST /v1/organizations/{org}/invitations/bulk`
pub async fn create<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, name: &str) -> Result<Answer, Failure> {
    let mut fields = call.body()?;
    let mint = Mint::new(call.app.entropy, call.app.now);
    let token = mint.invitation_token(&call.app.config.keys)?;
    let in_query = call.query(&[])?.get(DRY_RUN).map(|_| call.app.dry_run);
    let dry_run = said_once(DRY_RUN, fields.maybe_bool(DRY_RUN)?, in_query)?.unwrap_or(false);
    let objects = fields.objects("invitations", MOST_INVITED_AT_ONCE)?;
    fields.end()?;
    let read = lines(call, objects, (&mint, &token))?;
    let lines: Vec<InviteMember> = read.iter().filter_map(|line| line.as_ref().ok()).cloned().collect();
    let shown = lines.iter().any(|line| !line.notify);
    let target = Target::Organization(OrganizationRef::parse(name)?);
    let command = call.command_of(target, InviteMembers { lines }.into())?;
    if dry_run && !call.app.dry_run {
        let trial = call.app.rehearse(&command).await?;
        return Ok(rehearsed(&trial.executed, &read));
    }
    let present = |executed: &Executed| Presented {
        status: 200,
        body: bulk::answer(executed, &read, call.app.now),
        version: Some(executed.version),
        location: None,
    };
    call.carry_out(command, Some(SeedUse { seed: token.seed, shown }), &present).await
}

/// The lines in the order of the body; one that cannot be read does not stop the others.
fn lines<S, C, E: Entropy>(
    call: &Call<'_, S, C, E>,
    objects: Vec<Result<Fields, Denial>>,
    (mint, token): (&Mint<'_, E>, &MintedToken),
) -> Result<Vec<Result<InviteMember, Denial>>, Unavailable> {
    let keys = &call.app.config.keys;
    let mut readable = 0usize;
    let mut lines = Vec::with_capacity(objects.len());
    for object in objects {
        let id = mint.invitation()?;
        // The digests of readable lines are numbered without gaps, as the command's lines are.
        let digest = Mint::<E>::line_digest(keys, &token.seed, readable);
        let line = object.and_then(|fields| invite(call, fields, (id, digest)));
        readable = readable.saturating_add(usize::from(line.is_ok()));
        lines.push(line);
    }
    Ok(lines)
}

/// What would happen, at the version at which it would.
fn rehearsed(executed: &Executed, read: &[Result<InviteMember, Denial>]) -> Answer {
    let version = executed.version.saturating_sub(u64::from(!executed.events.is_empty()));
    let body = bulk::rehearsal(executed, read, version);
    Answer::json(200, &body).at_version(version)
}
