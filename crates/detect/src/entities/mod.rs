//! The entities, one file each, and the order in which equal matches are preferred.

mod aws;
mod credit_card;
mod email_address;
mod encoded_text;
mod iban_code;
mod ids;
mod ip_address;
mod jwt;
mod phone_number;
mod private_key;
mod url_password;
mod us_ssn;
mod vendor_keys;

use crate::Definition;

/// Specific before generic.
pub static STANDARD: &[&Definition] = &[
    &private_key::DEFINITION,
    &jwt::DEFINITION,
    &aws::ACCESS_KEY,
    &aws::SECRET_KEY,
    &vendor_keys::GITHUB,
    &vendor_keys::ANTHROPIC,
    &vendor_keys::OPENAI,
    &vendor_keys::SLACK,
    &vendor_keys::STRIPE,
    &vendor_keys::GITLAB,
    &vendor_keys::GOOGLE,
    &vendor_keys::HUGGINGFACE,
    &vendor_keys::COUNTERSIGN,
    &vendor_keys::NPM,
    &vendor_keys::PYPI,
    &vendor_keys::SENDGRID,
    &vendor_keys::DIGITALOCEAN,
    &vendor_keys::GROQ,
    &vendor_keys::SHOPIFY,
    &vendor_keys::VAULT,
    &url_password::DEFINITION,
    &credit_card::DEFINITION,
    &iban_code::DEFINITION,
    &us_ssn::DEFINITION,
    &ip_address::DEFINITION,
    &email_address::DEFINITION,
    &phone_number::DEFINITION,
    &ids::united_kingdom::NHS,
    &encoded_text::DEFINITION,
];
