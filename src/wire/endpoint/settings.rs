//! Settings: what the application keeps for itself, seen by servers and admins.

use super::organizations::moved;
use crate::app::ports::{Cache, Entropy, Failure, Store};
use crate::app::read::open;
use crate::domain::denial::{Denial, Reason};
use crate::domain::json::value_of;
use crate::domain::organization::Organization;
use crate::domain::permission::Permission;
use crate::wire::answer::Answer;
use crate::wire::call::Call;
use serde_json::{Value, json};

/// `GET /v1/organizations/{org}/settings`
pub async fn list<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>) -> Result<Answer, Failure> {
    call.query(&[])?;
    show(call, |organization| json!({ "settings": organization.settings, "version": organization.version })).await
}

/// `GET /v1/organizations/{org}/settings/{key}?fallback=`: the value, or the fallback when there is
/// no such key. A stored null is a value.
pub async fn read<S: Store, C: Cache, E: Entropy>(call: &Call<'_, S, C, E>, key: &str) -> Result<Answer, Failure> {
    let fallback = call.query(&["fallback"])?.read("fallback", json_text)?.unwrap_or(Value::Null);
    let shown = |organization: &Organization| {
        let (settings, version) = (&organization.settings, organization.version);
        let value = settings.setting(key, fallback);
        json!({ "key": key, "value": value, "found": settings.get(key).is_some(), "version": version })
    };
    show(call, shown).await
}

fn json_text(text: &str) -> Result<Value, Denial> {
    let rule = |fault| format!("`fallback` is JSON, like `10` or `\"dark\"`: {fault}");
    value_of(text.as_bytes()).map_err(|fault| Denial::because(Reason::InvalidValue, rule(fault)))
}

async fn show<S: Store, C: Cache, E: Entropy>(
    call: &Call<'_, S, C, E>,
    shown: impl FnOnce(&Organization) -> Value,
) -> Result<Answer, Failure> {
    let found = call.app.store.organization(&call.reach()?).await?;
    let opened = open(found, &call.hints, (call.catalog(), Permission::OrganizationUpdate), call.freshness)?;
    if opened.moved {
        return Ok(moved(call, opened.affiliation.slug.as_str()));
    }
    let organization = opened.rows.ok_or(Reason::NotFound)?;
    Ok(Answer::json(200, &shown(&organization)).at_version(organization.version))
}
