//! The person an issuer vouches for.

use countersign_model::{Secret, Timestamp, person::Role};

use crate::{
    claims,
    groups::{self, GroupsError},
    settings::IssuerSettings,
    strict::Object,
};

/// A person who has just signed in. `issuer` and `subject` together name them for ever; the rest may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub issuer: String,
    /// The name of the issuer in our settings, for [`Issuers::end_session`](crate::Issuers::end_session).
    pub issuer_name: String,
    pub subject: String,
    pub login: String,
    pub display_name: String,
    /// Left out when the issuer says that it was not verified.
    pub email: Option<String>,
    pub groups: Vec<String>,
    /// From the role map; empty when no group gives a role.
    pub roles: Vec<Role>,
    /// The issuer's session, for logout that it begins.
    pub sid: Option<String>,
    /// The ID token as received, for the hint at logout.
    pub id_token: Secret<String>,
    /// When the person last proved who they are.
    pub auth_time: Option<Timestamp>,
    /// How strongly, in the issuer's words (OpenID Connect Core, 2; RFC 8176).
    pub acr: Option<String>,
    pub amr: Vec<String>,
}

/// Whether the ID token leaves open what UserInfo may answer: the groups, or the person's login.
pub fn is_incomplete(claims: &Object, settings: &IssuerSettings) -> Result<bool, GroupsError> {
    Ok(groups::read(claims, &settings.groups_claim)?.is_none() || login(claims, settings).is_none())
}

fn login(claims: &Object, settings: &IssuerSettings) -> Option<String> {
    let configured = settings.login_claim.as_deref().and_then(|name| claims::text(claims, name));
    let usual = || claims::text(claims, "preferred_username");
    configured.or_else(usual).map(str::to_owned).or_else(|| email(claims))
}

fn email(claims: &Object) -> Option<String> {
    let unverified = claims.get("email_verified").is_some_and(|flag| flag == false || flag == "false");
    claims::text(claims, "email").filter(|_| !unverified).map(str::to_owned)
}

impl Identity {
    /// From the claims of a verified ID token, completed by UserInfo where the token is silent.
    pub fn read(
        token: &Object,
        user_info: Option<Object>,
        settings: &IssuerSettings,
        id_token: Secret<String>,
    ) -> Result<Self, GroupsError> {
        let mut all = user_info.unwrap_or_default();
        // Groups first: an overage marker in either place counts, a list in the token goes before one in UserInfo.
        let elsewhere = groups::read(&all, &settings.groups_claim)?;
        let groups = groups::read(token, &settings.groups_claim)?.or(elsewhere).unwrap_or_default();
        all.extend(token.iter().map(|(name, value)| (name.clone(), value.clone())));
        let text = |name: &str| claims::text(&all, name).map(str::to_owned);
        let subject = text("sub").unwrap_or_default();
        let login = login(&all, settings).unwrap_or_else(|| subject.clone());
        Ok(Self {
            issuer: settings.issuer.clone(),
            issuer_name: settings.name.clone(),
            display_name: text("name").unwrap_or_else(|| login.clone()),
            email: email(&all),
            roles: settings.roles_of(&groups),
            sid: text("sid"),
            auth_time: claims::moment(token, "auth_time").ok().flatten(),
            acr: text("acr"),
            amr: token.get("amr").and_then(claims::texts).unwrap_or_default(),
            subject,
            login,
            groups,
            id_token,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(token: Value, user_info: Option<Value>) -> Result<Identity, GroupsError> {
        let mut settings = IssuerSettings::new("a", "https://idp.example", "c");
        settings.role_map = vec![("admins".into(), Role::Admin)];
        let object = |value: Value| value.as_object().cloned().unwrap();
        Identity::read(&object(token), user_info.map(object), &settings, Secret::new(String::new()))
    }

    #[test]
    fn the_token_goes_before_user_info() {
        let info = json!({"sub": "s", "name": "Info", "email": "i@x", "groups": ["admins"]});
        let one = read(json!({"sub": "s", "name": "Token", "groups": []}), Some(info.clone())).unwrap();
        assert_eq!((one.display_name.as_str(), one.login.as_str()), ("Token", "i@x"));
        assert!(one.groups.is_empty() && one.roles.is_empty());
        let two = read(json!({"sub": "s"}), Some(info)).unwrap();
        assert_eq!(two.roles, [Role::Admin]);
    }

    #[test]
    fn an_overage_marker_in_either_place_is_refused() {
        assert_eq!(read(json!({"sub": "s", "hasgroups": true}), None), Err(GroupsError::Elsewhere));
        let info = json!({"sub": "s", "_claim_names": {"groups": "src1"}});
        assert_eq!(read(json!({"sub": "s"}), Some(info)), Err(GroupsError::Elsewhere));
    }

    #[test]
    fn an_unverified_address_is_nobodys_login() {
        let one = read(json!({"sub": "s", "email": "ceo@x", "email_verified": false}), None).unwrap();
        assert_eq!((one.login.as_str(), one.email), ("s", None));
    }
}
