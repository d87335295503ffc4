//! Server functions: context, capability, one use case, error table; nothing else. Each is a public POST endpoint, so each asks
//! for its capability itself. They only read: what changes things is a form posted to the server's own handlers.

pub mod audit;
pub mod connections;
pub mod entities;
pub mod overview;
pub mod people;
pub mod sessions;

#[cfg(feature = "ssr")]
pub(crate) mod visit {
    //! The request's use cases and actor. Take them before the first await: the context belongs to the call.

    use std::sync::Arc;

    use countersign_admin::{Actor, Admin};
    use leptos::prelude::use_context;

    use crate::{
        context::{Site, Visit},
        error::UiError,
    };

    /// The use cases, without asking who is there.
    pub(crate) fn admin() -> Result<Arc<Admin>, UiError> {
        use_context::<Visit>().map(|visit| visit.admin).ok_or(UiError::Unreachable)
    }

    /// The use cases and who acts.
    pub(crate) fn signed_in() -> Result<(Arc<Admin>, Actor), UiError> {
        let visit = use_context::<Visit>().ok_or(UiError::Unreachable)?;
        let actor = visit.actor.ok_or(UiError::SignedOut)?;
        Ok((visit.admin, actor))
    }

    /// What is the same for every request.
    pub(crate) fn site() -> Result<Arc<Site>, UiError> {
        use_context::<Visit>().map(|visit| visit.site).ok_or(UiError::Unreachable)
    }

    /// Whether the actor may read what everybody did.
    pub(crate) fn audits(actor: &Actor) -> bool {
        use countersign_model::person::Role;
        actor.roles.contains(&Role::Auditor) || actor.roles.contains(&Role::Admin)
    }
}
