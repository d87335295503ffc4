//! Numbers of the last 24 hours, and whether anybody is set up yet.

use countersign_model::audit::Overview;
use leptos::prelude::*;

use crate::error::UiError;

/// The installation's numbers for auditors and administrators, one's own for everybody else.
#[server]
pub async fn load_overview() -> Result<Overview, UiError> {
    use super::visit;
    let (admin, actor) = visit::signed_in()?;
    if visit::audits(&actor) {
        Ok(admin.auditor(&actor)?.overview().await?)
    } else {
        Ok(admin.user(&actor).overview().await?)
    }
}

/// Whether the first administrator is still missing. Answered to anybody: the set-up page says as much.
#[server]
pub async fn needs_setup() -> Result<bool, UiError> {
    Ok(super::visit::admin()?.needs_setup().await?)
}
