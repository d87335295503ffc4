//! Numbers of the last 24 hours, and whether anybody is set up yet.

use countersign_model::audit::Overview;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

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

/// How far the first run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FirstRun {
    /// There is an administrator.
    Done,
    /// The first administrator is missing, and the link is good.
    Ready,
    /// The first administrator is missing, and there is no link.
    NoLink,
    /// The first administrator is missing, and the link does not hold.
    WrongLink,
}

/// How far the first run is, as seen with a link's token. Asking uses nothing up. Answered to anybody: the set-up page says as
/// much.
#[server]
pub async fn setup_state(token: String) -> Result<FirstRun, UiError> {
    let admin = super::visit::admin()?;
    if !admin.needs_setup().await? {
        return Ok(FirstRun::Done);
    }
    if token.is_empty() {
        return Ok(FirstRun::NoLink);
    }
    Ok(if admin.setup_link_holds(&token).await? { FirstRun::Ready } else { FirstRun::WrongLink })
}
