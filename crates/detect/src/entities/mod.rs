//! The entities, one file each, and the order in which equal matches are preferred.

mod authorization;
mod aws;
mod credit_card;
mod email_address;
mod encoded_text;
mod generic_secret;
mod iban_code;
mod ids;
mod ip_address;
mod jwt;
mod password;
mod password_hash;
mod phone_number;
mod private_key;
mod url_password;
mod us_ssn;
mod vendors;

use crate::Definition;

/// Specific before generic.
pub static STANDARD: &[&Definition] = &[
    &private_key::DEFINITION,
    &jwt::DEFINITION,
    &aws::ACCESS_KEY,
    &aws::SECRET_KEY,
    &vendors::cloud::GOOGLE,
    &vendors::cloud::GOOGLE_OAUTH,
    &vendors::cloud::AWS_BEDROCK,
    &vendors::cloud::AWS_SESSION,
    &vendors::cloud::ALIBABA,
    &vendors::cloud::DIGITALOCEAN,
    &vendors::cloud::HEROKU,
    &vendors::cloud::FLY,
    &vendors::cloud::VERCEL,
    &vendors::cloud::NETLIFY,
    &vendors::cloud::CLOUDFLARE,
    &vendors::cloud::DATABRICKS,
    &vendors::cloud::SUPABASE,
    &vendors::cloud::PLANETSCALE,
    &vendors::cloud::DOPPLER,
    &vendors::cloud::PULUMI,
    &vendors::code_hosting::GITHUB,
    &vendors::code_hosting::GITLAB,
    &vendors::code_hosting::ATLASSIAN,
    &vendors::code_hosting::NPM,
    &vendors::code_hosting::PYPI,
    &vendors::code_hosting::RUBYGEMS,
    &vendors::code_hosting::CRATES,
    &vendors::code_hosting::NUGET,
    &vendors::code_hosting::DOCKER,
    &vendors::code_hosting::ARTIFACTORY,
    &vendors::code_hosting::BUILD_KEYS,
    &vendors::messaging::SLACK,
    &vendors::messaging::SLACK_WEBHOOK,
    &vendors::messaging::DISCORD_WEBHOOK,
    &vendors::messaging::TWILIO,
    &vendors::messaging::SENDGRID,
    &vendors::messaging::MAILGUN,
    &vendors::messaging::MAILCHIMP,
    &vendors::messaging::BREVO,
    &vendors::messaging::FACEBOOK,
    &vendors::messaging::TELEGRAM,
    &vendors::messaging::DISCORD,
    &vendors::messaging::TEAMS,
    &vendors::payments::STRIPE,
    &vendors::payments::SHOPIFY,
    &vendors::payments::SQUARE,
    &vendors::payments::BRAINTREE,
    &vendors::payments::RAZORPAY,
    &vendors::payments::PLAID,
    &vendors::payments::PAYMENT_KEYS,
    &vendors::models::ANTHROPIC,
    &vendors::models::OPENROUTER,
    &vendors::models::OPENAI,
    &vendors::models::HUGGINGFACE,
    &vendors::models::GROQ,
    &vendors::models::XAI,
    &vendors::models::REPLICATE,
    &vendors::models::PERPLEXITY,
    &vendors::models::LANGSMITH,
    &vendors::models::PINECONE,
    &vendors::models::COUNTERSIGN,
    &vendors::models::MODEL_KEYS,
    &vendors::work::LINEAR,
    &vendors::work::NOTION,
    &vendors::work::AIRTABLE,
    &vendors::work::FIGMA,
    &vendors::work::POSTMAN,
    &vendors::work::HUBSPOT,
    &vendors::work::DROPBOX,
    &vendors::work::MAPBOX,
    &vendors::work::SERVICE_KEYS,
    &vendors::operations::VAULT,
    &vendors::operations::GRAFANA,
    &vendors::operations::NEW_RELIC,
    &vendors::operations::SENTRY,
    &vendors::operations::DYNATRACE,
    &vendors::operations::TERRAFORM,
    &vendors::operations::TAILSCALE,
    &vendors::operations::AGE,
    &vendors::operations::ONEPASSWORD,
    &vendors::operations::AZURE_SECRET,
    &url_password::DEFINITION,
    &password_hash::DEFINITION,
    &password::DEFINITION,
    &authorization::DEFINITION,
    &generic_secret::DEFINITION,
    &credit_card::DEFINITION,
    &iban_code::DEFINITION,
    &us_ssn::DEFINITION,
    &ip_address::DEFINITION,
    &email_address::DEFINITION,
    &phone_number::DEFINITION,
    &ids::united_kingdom::NHS,
    &encoded_text::DEFINITION,
];
