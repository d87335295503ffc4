//! Keys and tokens that vendors give a prefix of their own, so that they can be told from other text.
//!
//! Forms: the vendors' documentation of their token formats. The samples are made up, and parted in the source so
//! that nobody's scanner takes them for real.

use crate::Entity;
use crate::alphabet::{ALNUM, BASE64_URL, DOT, HEX, IDENTIFIER};
use crate::definition::{Definition, Prefix};

macro_rules! keys {
    ($($constant:ident: $entity:ident, $about:literal, [$($prefix:expr),+ $(,)?], hits $hits:expr, misses $misses:expr;)*) => {
        $(pub static $constant: Definition = Definition {
            entity: Entity::$entity,
            about: $about,
            rules: &[$($prefix.rule()),+],
            hits: &$hits,
            misses: &$misses,
            ..Definition::BLANK
        };)*
    };
}

const fn key(prefix: &'static [u8], body: u16, least: usize) -> Prefix {
    Prefix::new(prefix, body, least)
}

const fn with_digits(prefix: Prefix, digits: usize) -> Prefix {
    Prefix { digits, ..prefix }
}

keys! {
    GITHUB: GithubToken, "ghp_, gho_, ghu_, ghs_, ghr_ and 36 letters or digits; github_pat_",
        [key(b"ghp_", ALNUM, 36), key(b"gho_", ALNUM, 36), key(b"ghu_", ALNUM, 36), key(b"ghs_", ALNUM, 36),
         key(b"ghr_", ALNUM, 36), key(b"github_pat_", IDENTIFIER, 40)],
        hits [
            (concat!("token ", "ghp", "_16C7e42F292c6912E7710c838347Ae178B4a!"), "token [GITHUB_TOKEN]!"),
            (concat!("x=", "github", "_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz0123456789ABCD"), "x=[GITHUB_TOKEN]"),
            (concat!("https://", "ghs", "_16C7e42F292c6912E7710c838347Ae178B4a@github.com"), "https://[GITHUB_TOKEN]@github.com"),
        ],
        misses ["ghp_short", "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "github_pat_token", "xghp_16C7e42F292c6912E7710c838347Ae178B4a"];
    ANTHROPIC: AnthropicApiKey, "sk-ant- and at least 32",
        [key(b"sk-ant-", BASE64_URL, 32)],
        hits [(concat!("k: ", "sk-", "ant-api03-AbCdEf0123456789_ghijKLMNopqrstuv."), "k: [ANTHROPIC_API_KEY].")],
        misses ["sk-ant-api03"];
    OPENAI: OpenaiApiKey, "sk-, with at least three digits in the first 32; so also sk-proj-, sk-svcacct-",
        [with_digits(key(b"sk-", BASE64_URL, 32), 3)],
        hits [
            (concat!("OPENAI_API_KEY=", "sk-", "proj-AbC1dEf2GhI3jKl4MnO5pQr6StU7vWx8"), "OPENAI_API_KEY=[OPENAI_API_KEY]"),
            (concat!("sk-", "AbC1dEf2GhI3jKl4MnO5T3BlbkFJpQr6StU7vWx8YzA9"), "[OPENAI_API_KEY]"),
        ],
        misses ["sk-learn", "sk-folding-cube-with-a-very-long-class-name-2", "task-1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d7e8f"];
    SLACK: SlackToken, "xoxb-, xoxp- and their family, xapp-",
        [key(b"xoxb-", BASE64_URL, 20), key(b"xoxp-", BASE64_URL, 20), key(b"xoxa-", BASE64_URL, 20),
         key(b"xoxr-", BASE64_URL, 20), key(b"xoxs-", BASE64_URL, 20), key(b"xoxe-", BASE64_URL, 20), key(b"xapp-", BASE64_URL, 20)],
        hits [(concat!("xox", "b-123456789012-1234567890123-AbCdEfGhIjKl ok"), "[SLACK_TOKEN] ok")],
        misses ["xoxb-your-token-here-please-now", "xoxo"];
    STRIPE: StripeKey, "sk_, rk_ with live or test; whsec_",
        [key(b"sk_live_", ALNUM, 20), key(b"sk_test_", ALNUM, 20), key(b"rk_live_", ALNUM, 20), key(b"rk_test_", ALNUM, 20),
         key(b"whsec_", ALNUM, 24)],
        hits [(concat!("'", "sk_", "live_4eC39HqLyjWDarjtT1zdp7dc'"), "'[STRIPE_KEY]'")],
        misses ["sk_live_", "pk_live_4eC39HqLyjWDarjtT1zdp7dc", "sk_test_xxxxxxxxxxxxxxxxxxxxxxxx"];
    GITLAB: GitlabToken, "glpat-, gldt-, glrt-, glptt- and at least 20",
        [key(b"glpat-", BASE64_URL, 20), key(b"gldt-", BASE64_URL, 20), key(b"glrt-", BASE64_URL, 20), key(b"glptt-", BASE64_URL, 20)],
        hits [(concat!("gl", "pat-AbC1_eF2-hI3jKl4MnO5"), "[GITLAB_TOKEN]")],
        misses ["glpat-abc"];
    GOOGLE: GoogleApiKey, "AIza and 35",
        [key(b"AIza", BASE64_URL, 35)],
        hits [(concat!("key=", "AIza", "SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q&x"), "key=[GOOGLE_API_KEY]&x")],
        misses ["AIza", "AIzaSy"];
    HUGGINGFACE: HuggingfaceToken, "hf_ and 34 letters or digits",
        [with_digits(key(b"hf_", ALNUM, 34), 0)],
        hits [(concat!("hf", "_AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGh"), "[HUGGINGFACE_TOKEN]")],
        misses ["hf_hub_download", "hf_model"];
    COUNTERSIGN: CountersignToken, "cs_ and 49: a token of this gateway",
        [key(b"cs_", BASE64_URL, 49)],
        hits [(concat!("cs", "_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8S9t0U1v2W3x4Y"), "[COUNTERSIGN_TOKEN]")],
        misses ["cs_CZ", "cs_uint256_t"];
    NPM: NpmToken, "npm_ and 36",
        [key(b"npm_", ALNUM, 36)],
        hits [(concat!("npm", "_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"), "[NPM_TOKEN]")],
        misses ["npm_config_registry"];
    PYPI: PypiToken, "pypi-AgEI and at least 50",
        [key(b"pypi-AgEI", BASE64_URL, 50)],
        hits [(concat!("py", "pi-AgEIcHlwaS5vcmcCJDAxMjM0NTY3LTg5YWItY2RlZi0wMTIzLTQ1Njc4OWFiY2RlZg"), "[PYPI_TOKEN]")],
        misses ["pypi-server"];
    SENDGRID: SendgridKey, "SG., 22, a dot and 43",
        [key(b"SG.", BASE64_URL | DOT, 66)],
        hits [(concat!("SG", ".aB1cD2eF3gH4iJ5kL6mN7o.pQ8rS9tU0vW1xY2zA3bC4dE5fG6hI7jK8lM9nO0pQ1r"), "[SENDGRID_KEY]")],
        misses ["SG.com is the domain"];
    DIGITALOCEAN: DigitaloceanToken, "dop_v1_, doo_v1_, dor_v1_ and 64 hex digits",
        [key(b"dop_v1_", HEX, 64), key(b"doo_v1_", HEX, 64), key(b"dor_v1_", HEX, 64)],
        hits [(concat!("dop", "_v1_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"), "[DIGITALOCEAN_TOKEN]")],
        misses ["dop_v1_0123"];
    GROQ: GroqApiKey, "gsk_ and at least 40",
        [key(b"gsk_", ALNUM, 40)],
        hits [(concat!("gsk", "_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8S9t0U1v2W3x4Y5z6"), "[GROQ_API_KEY]")],
        misses ["gsk_key"];
    SHOPIFY: ShopifyToken, "shpat_, shpca_, shppa_, shpss_ and 32 hex digits",
        [key(b"shpat_", HEX, 32), key(b"shpca_", HEX, 32), key(b"shppa_", HEX, 32), key(b"shpss_", HEX, 32)],
        hits [(concat!("shp", "at_0123456789abcdef0123456789abcdef"), "[SHOPIFY_TOKEN]")],
        misses ["shpat_token"];
    VAULT: VaultToken, "hvs., hvb. and at least 24",
        [key(b"hvs.", BASE64_URL, 24), key(b"hvb.", BASE64_URL, 24)],
        hits [(concat!("hv", "s.CAESIJ1b2C3d4E5f6G7h8I9j0K1l2M3n4"), "[VAULT_TOKEN]")],
        misses ["hvs.example"];
}
