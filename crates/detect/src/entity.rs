//! The names of what can be found. Presidio's names where it has the entity; and those an administrator gives.

use serde::{Serialize, Serializer};

use crate::own::OwnName;

macro_rules! entities {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Entity {
            $($(#[$doc])* $variant,)*
            /// Named by an administrator.
            Own(OwnName),
        }

        /// The standard ones, to count them.
        enum Ordinal {
            $($variant,)*
            Own,
        }

        impl Entity {
            /// The standard ones.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Such as `EMAIL_ADDRESS`. Stable: it is written to the ledger.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                    Self::Own(own) => own.name(),
                }
            }

            /// What stands in place of the value, such as `[EMAIL_ADDRESS]`.
            pub fn label(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!("[", $name, "]"),)*
                    Self::Own(own) => own.label(),
                }
            }

            /// Its place in [`Entity::ALL`]; those of administrators come behind all of them.
            pub const fn number(self) -> usize {
                match self {
                    $(Self::$variant => Ordinal::$variant as usize,)*
                    Self::Own(_) => Ordinal::Own as usize,
                }
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
    UsItin = "US_ITIN",
    UsEin = "US_EIN",
    AbaRoutingNumber = "ABA_ROUTING_NUMBER",
    UsBankNumber = "US_BANK_NUMBER",
    UsPassport = "US_PASSPORT",
    UsDriverLicense = "US_DRIVER_LICENSE",
    UsNpi = "US_NPI",
    UsMbi = "US_MBI",
    MedicalLicense = "MEDICAL_LICENSE",
    Vin = "VIN",
    CaSin = "CA_SIN",
    UkNino = "UK_NINO",
    UkUtr = "UK_UTR",
    UkPassport = "UK_PASSPORT",
    UkDrivingLicence = "UK_DRIVING_LICENCE",
    UkVehicleRegistration = "UK_VEHICLE_REGISTRATION",
    UkPostcode = "UK_POSTCODE",
    UkSortCode = "UK_SORT_CODE",
    DeTaxId = "DE_TAX_ID",
    DeTaxNumber = "DE_TAX_NUMBER",
    DeSocialSecurity = "DE_SOCIAL_SECURITY",
    DeHealthInsurance = "DE_HEALTH_INSURANCE",
    DeIdCard = "DE_ID_CARD",
    DePassport = "DE_PASSPORT",
    DeVatId = "DE_VAT_ID",
    DePlate = "DE_PLATE",
    PostalCode = "POSTAL_CODE",
    AtSvnr = "AT_SVNR",
    ChAhv = "CH_AHV",
    ChUid = "CH_UID",
    EuVatId = "EU_VAT_ID",
    Imei = "IMEI",
    FrNir = "FR_NIR",
    FrNif = "FR_NIF",
    FrSiret = "FR_SIRET",
    FrIdCard = "FR_ID_CARD",
    FrPassport = "FR_PASSPORT",
    FrPlate = "FR_PLATE",
    BeNrn = "BE_NRN",
    BeEnterprise = "BE_ENTERPRISE",
    NlBsn = "NL_BSN",
    NlPassport = "NL_PASSPORT",
    LuNationalId = "LU_NATIONAL_ID",
    PtNif = "PT_NIF",
    PtCitizenCard = "PT_CITIZEN_CARD",
    EsNif = "ES_NIF",
    EsNie = "ES_NIE",
    EsNuss = "ES_NUSS",
    EsPassport = "ES_PASSPORT",
    EsPlate = "ES_PLATE",
    ItFiscalCode = "IT_FISCAL_CODE",
    ItVatCode = "IT_VAT_CODE",
    ItDriverLicense = "IT_DRIVER_LICENSE",
    ItPassport = "IT_PASSPORT",
    ItIdentityCard = "IT_IDENTITY_CARD",
    GrAmka = "GR_AMKA",
    GrAfm = "GR_AFM",
    TrTckn = "TR_TCKN",
    TrVkn = "TR_VKN",
    TrPlate = "TR_PLATE",
    IlId = "IL_ID",
    HrOib = "HR_OIB",
    Jmbg = "JMBG",
    BgEgn = "BG_EGN",
    RoCnp = "RO_CNP",
    SePersonnummer = "SE_PERSONNUMMER",
    SeOrganisationsnummer = "SE_ORGANISATIONSNUMMER",
    NoFodselsnummer = "NO_FODSELSNUMMER",
    DkCpr = "DK_CPR",
    DkCvr = "DK_CVR",
    FiPersonalIdentityCode = "FI_PERSONAL_IDENTITY_CODE",
    FiBusinessId = "FI_BUSINESS_ID",
    IsKennitala = "IS_KENNITALA",
    IePps = "IE_PPS",
    BalticPersonalCode = "BALTIC_PERSONAL_CODE",
    PlPesel = "PL_PESEL",
    PlNip = "PL_NIP",
    PlRegon = "PL_REGON",
    PlIdentityCard = "PL_IDENTITY_CARD",
    CzRodneCislo = "CZ_RODNE_CISLO",
    CzIco = "CZ_ICO",
    HuTaxId = "HU_TAX_ID",
    HuTaj = "HU_TAJ",
    UaTaxNumber = "UA_TAX_NUMBER",
    RuInn = "RU_INN",
    RuSnils = "RU_SNILS",
    RuPassport = "RU_PASSPORT",
    RuOgrn = "RU_OGRN",
    KzIin = "KZ_IIN",
    BrCpf = "BR_CPF",
    BrCnpj = "BR_CNPJ",
    BrRg = "BR_RG",
    BrPlate = "BR_PLATE",
    MxCurp = "MX_CURP",
    MxRfc = "MX_RFC",
    ArCuit = "AR_CUIT",
    LatamNationalId = "LATAM_NATIONAL_ID",
    ClRut = "CL_RUT",
    CoNit = "CO_NIT",
    PeRuc = "PE_RUC",
    MxNss = "MX_NSS",
    InPan = "IN_PAN",
    InAadhaar = "IN_AADHAAR",
    InVoter = "IN_VOTER",
    InPassport = "IN_PASSPORT",
    InGstin = "IN_GSTIN",
    InVehicleRegistration = "IN_VEHICLE_REGISTRATION",
    InIfsc = "IN_IFSC",
    CnResidentId = "CN_RESIDENT_ID",
    CnPassport = "CN_PASSPORT",
    CnCreditCode = "CN_CREDIT_CODE",
    JpMyNumber = "JP_MY_NUMBER",
    JpPassport = "JP_PASSPORT",
    KrRrn = "KR_RRN",
    KrPassport = "KR_PASSPORT",
    KrDriverLicense = "KR_DRIVER_LICENSE",
    KrBrn = "KR_BRN",
    KrFrn = "KR_FRN",
    SgNricFin = "SG_NRIC_FIN",
    SgUen = "SG_UEN",
    ThTnin = "TH_TNIN",
    MyNric = "MY_NRIC",
    IdNik = "ID_NIK",
    PhId = "PH_ID",
    NationalId = "NATIONAL_ID",
    AuAbn = "AU_ABN",
    AuAcn = "AU_ACN",
    AuTfn = "AU_TFN",
    AuMedicare = "AU_MEDICARE",
    AuBsb = "AU_BSB",
    AuPassport = "AU_PASSPORT",
    NzIrd = "NZ_IRD",
    NzNhi = "NZ_NHI",
    ZaId = "ZA_ID",
    NgNin = "NG_NIN",
    NgVehicleRegistration = "NG_VEHICLE_REGISTRATION",
    LicensePlate = "LICENSE_PLATE",
    MedicalRecordNumber = "MEDICAL_RECORD_NUMBER",
    MemberId = "MEMBER_ID",
    Crypto = "CRYPTO",
    MacAddress = "MAC_ADDRESS",
    SwiftCode = "SWIFT_CODE",
    DateOfBirth = "DATE_OF_BIRTH",
    Age = "AGE",
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
    Person = "PERSON",
    Location = "LOCATION",
    Organization = "ORGANIZATION",
}

impl Serialize for Entity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl Entity {
    /// The standard entity of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|entity| entity.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_labels_and_serde_agree() {
        for (number, entity) in Entity::ALL.iter().enumerate() {
            assert_eq!(entity.number(), number);
            assert_eq!(Entity::named(entity.name()), Some(*entity));
            assert_eq!(entity.label(), format!("[{}]", entity.name()));
            assert_eq!(serde_json::to_string(entity).unwrap(), format!("\"{}\"", entity.name()));
        }
    }
}
