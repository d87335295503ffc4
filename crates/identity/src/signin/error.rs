//! Why a sign-in ends without a person. Every sentence is safe to show.

use thiserror::Error;

use super::callback::CallbackError;
use crate::groups::GroupsError;

/// Why there is no identity.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SignInError {
    #[error("there is no such sign-in provider")]
    UnknownIssuer,
    #[error("the sign-in provider cannot be reached; try again shortly")]
    IssuerUnavailable,
    #[error("the sign-in provider does not offer sign-in by authorization code")]
    NotOffered,
    #[error("the answer of the sign-in provider is unreadable")]
    Callback(#[from] CallbackError),
    #[error("this answer does not belong to a sign-in begun in this browser")]
    State,
    #[error("this sign-in took too long; begin again")]
    FlowExpired,
    /// RFC 9207.
    #[error("the answer comes from another sign-in provider than the one asked")]
    IssuerMixUp,
    /// The code is one of RFC 6749, 4.1.2.1 or OpenID Connect Core, 3.1.2.6; letters and `_` only.
    #[error("the sign-in provider refused: {0}")]
    Refused(String),
    #[error(
        "the sign-in provider did not accept its own code: it was used already, has expired, or our client is set up wrongly ({0})"
    )]
    CodeRefused(String),
    #[error("the sign-in provider's token answer is unreadable")]
    TokenAnswer,
    #[error("the sign-in provider's ID token does not hold: {0}")]
    IdToken(IdTokenFault),
    #[error(transparent)]
    Groups(#[from] GroupsError),
    #[error("the sign-in provider's user information could not be read, so groups are not known")]
    UserInfo,
    #[error("the sign-in provider's user information is about another person")]
    UserInfoSubject,
    #[error("the sign-in provider did not ask the person to prove who they are again")]
    NotFresh,
}

/// What is wrong with an ID token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum IdTokenFault {
    #[error("there is none")]
    Missing,
    #[error("it is malformed")]
    Malformed,
    #[error("its algorithm is refused")]
    Algorithm,
    #[error("its signature does not hold")]
    Signature,
    #[error("its key is not published by the issuer")]
    UnknownKey,
    #[error("it is from another issuer")]
    Issuer,
    #[error("it is for another client")]
    Audience,
    #[error("it was given to another party")]
    AuthorizedParty,
    #[error("it belongs to another sign-in")]
    Nonce,
    #[error("it has expired or is not valid yet")]
    Time,
    #[error("it belongs to another access token")]
    AccessTokenHash,
    #[error("it does not pass the second check")]
    SecondOpinion,
}
