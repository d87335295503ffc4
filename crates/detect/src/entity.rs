//! The names of what can be found. Presidio's names where it has the entity.

use serde::{Deserialize, Serialize};

macro_rules! entities {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Entity {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl Entity {
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Such as `EMAIL_ADDRESS`. Stable: it is written to the ledger.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What stands in place of the value, such as `[EMAIL_ADDRESS]`.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => concat!("[", $name, "]"),)* }
            }
        }
    };
}

entities! {
    CreditCard = "CREDIT_CARD",
    EmailAddress = "EMAIL_ADDRESS",
    PhoneNumber = "PHONE_NUMBER",
    IbanCode = "IBAN_CODE",
    UsSsn = "US_SSN",
    IpAddress = "IP_ADDRESS",
    Jwt = "JWT",
    PrivateKey = "PRIVATE_KEY",
    AwsAccessKey = "AWS_ACCESS_KEY",
    AwsSecretKey = "AWS_SECRET_KEY",
    GithubToken = "GITHUB_TOKEN",
    AnthropicApiKey = "ANTHROPIC_API_KEY",
    OpenaiApiKey = "OPENAI_API_KEY",
    /// User name and password of a URL.
    UrlPassword = "URL_PASSWORD",
    SlackToken = "SLACK_TOKEN",
    StripeKey = "STRIPE_KEY",
    GitlabToken = "GITLAB_TOKEN",
    GoogleApiKey = "GOOGLE_API_KEY",
    HuggingfaceToken = "HUGGINGFACE_TOKEN",
    NpmToken = "NPM_TOKEN",
    PypiToken = "PYPI_TOKEN",
    SendgridKey = "SENDGRID_KEY",
    DigitaloceanToken = "DIGITALOCEAN_TOKEN",
    GroqApiKey = "GROQ_API_KEY",
    ShopifyToken = "SHOPIFY_TOKEN",
    VaultToken = "VAULT_TOKEN",
    /// A token of this gateway: it opens models, so it must not be said to one.
    CountersignToken = "COUNTERSIGN_TOKEN",
    UkNhs = "UK_NHS",
    GoogleOauthToken = "GOOGLE_OAUTH_TOKEN",
    AwsBedrockKey = "AWS_BEDROCK_KEY",
    AwsSessionToken = "AWS_SESSION_TOKEN",
    AlibabaAccessKey = "ALIBABA_ACCESS_KEY",
    HerokuKey = "HEROKU_KEY",
    FlyToken = "FLY_TOKEN",
    VercelToken = "VERCEL_TOKEN",
    NetlifyToken = "NETLIFY_TOKEN",
    CloudflareKey = "CLOUDFLARE_KEY",
    DatabricksToken = "DATABRICKS_TOKEN",
    SupabaseKey = "SUPABASE_KEY",
    PlanetscaleToken = "PLANETSCALE_TOKEN",
    DopplerToken = "DOPPLER_TOKEN",
    PulumiToken = "PULUMI_TOKEN",
    AtlassianToken = "ATLASSIAN_TOKEN",
    RubygemsKey = "RUBYGEMS_KEY",
    CratesIoToken = "CRATES_IO_TOKEN",
    NugetKey = "NUGET_KEY",
    DockerToken = "DOCKER_TOKEN",
    ArtifactoryToken = "ARTIFACTORY_TOKEN",
    BuildServiceKey = "BUILD_SERVICE_KEY",
    SlackWebhook = "SLACK_WEBHOOK",
    DiscordWebhook = "DISCORD_WEBHOOK",
    TwilioKey = "TWILIO_KEY",
    MailgunKey = "MAILGUN_KEY",
    MailchimpKey = "MAILCHIMP_KEY",
    BrevoKey = "BREVO_KEY",
    FacebookToken = "FACEBOOK_TOKEN",
    TelegramToken = "TELEGRAM_TOKEN",
    DiscordToken = "DISCORD_TOKEN",
    TeamsWebhook = "TEAMS_WEBHOOK",
    SquareToken = "SQUARE_TOKEN",
    BraintreeToken = "BRAINTREE_TOKEN",
    RazorpayKey = "RAZORPAY_KEY",
    PlaidToken = "PLAID_TOKEN",
    PaymentKey = "PAYMENT_KEY",
    OpenrouterApiKey = "OPENROUTER_API_KEY",
    XaiApiKey = "XAI_API_KEY",
    ReplicateToken = "REPLICATE_TOKEN",
    PerplexityApiKey = "PERPLEXITY_API_KEY",
    LangsmithKey = "LANGSMITH_KEY",
    PineconeApiKey = "PINECONE_API_KEY",
    ModelServiceKey = "MODEL_SERVICE_KEY",
    LinearKey = "LINEAR_KEY",
    NotionToken = "NOTION_TOKEN",
    AirtableToken = "AIRTABLE_TOKEN",
    FigmaToken = "FIGMA_TOKEN",
    PostmanKey = "POSTMAN_KEY",
    HubspotToken = "HUBSPOT_TOKEN",
    DropboxToken = "DROPBOX_TOKEN",
    MapboxToken = "MAPBOX_TOKEN",
    ServiceKey = "SERVICE_KEY",
    GrafanaToken = "GRAFANA_TOKEN",
    NewRelicKey = "NEW_RELIC_KEY",
    SentryToken = "SENTRY_TOKEN",
    DynatraceToken = "DYNATRACE_TOKEN",
    TerraformToken = "TERRAFORM_TOKEN",
    TailscaleKey = "TAILSCALE_KEY",
    AgeSecretKey = "AGE_SECRET_KEY",
    OnepasswordToken = "ONEPASSWORD_TOKEN",
    AzureSecret = "AZURE_SECRET",
    Password = "PASSWORD",
    PasswordHash = "PASSWORD_HASH",
    /// Credentials of an HTTP header or of a command.
    Authorization = "AUTHORIZATION",
    /// A secret that only its name tells.
    GenericSecret = "GENERIC_SECRET",
    /// Encoded text too long to be looked through.
    EncodedText = "ENCODED_TEXT",
}

impl Entity {
    /// The entity of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|entity| entity.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_labels_and_serde_agree() {
        for entity in Entity::ALL {
            assert_eq!(Entity::named(entity.name()), Some(*entity));
            assert_eq!(entity.label(), format!("[{}]", entity.name()));
            assert_eq!(serde_json::to_string(entity).unwrap(), format!("\"{}\"", entity.name()));
        }
    }
}
