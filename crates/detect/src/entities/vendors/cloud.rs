//! Cloud providers and hosts.

use super::{key, keys};
use crate::Entity;
use crate::alphabet::{ALNUM, BASE64, BASE64_URL, DOT, HEX, HYPHEN, IDENTIFIER};
use crate::definition::Definition;

keys! {
    GOOGLE: GoogleApiKey, "AIza and 35 (Google Cloud documentation: API keys)",
        [key(b"AIza", BASE64_URL, 35).rule()],
        hits [(concat!("x=", "AI", "zaQpR7A6us2TJxuXrzeKtTn8dLLbyHxJ4qdYQH", ""), "x=[GOOGLE_API_KEY]")],
        misses ["AIza", "AIzaSy"];
    GOOGLE_OAUTH: GoogleOauthToken, "GOCSPX- and 28, ya29. or 1//0 and at least 30 (Google Identity documentation: OAuth 2.0)",
        [key(b"GOCSPX-", BASE64_URL, 28).rule(), key(b"ya29.", BASE64_URL | DOT, 30).rule(), key(b"1//0", BASE64_URL, 40).rule()],
        hits [(concat!("x=", "GOC", "SPX-rDk7dMM82H5UA6u6Wwzbfk33zD8vL", ""), "x=[GOOGLE_OAUTH_TOKEN]"),
            (concat!("id ", "ya", "29.Hfn7AEp22FXSuFv4VvC5BNQjjxALBv2", ", ok"), "id [GOOGLE_OAUTH_TOKEN], ok")],
        misses ["GOCSPX-client-secret", "ya29.", "1//0"];
    AWS_BEDROCK: AwsBedrockKey, "ABSK and at least 60, bedrock-api-key- and at least 40 (Amazon Bedrock user guide: API keys)",
        [key(b"ABSK", BASE64, 60).rule(), key(b"bedrock-api-key-", BASE64, 40).rule()],
        hits [(concat!("x=", "AB", "SKkJV7cTGa2PRN9QGVJnaJuFehAMN7tVb9G8UPZsVKwzGATDaZ2Ub8f6GEpgPAx", ""), "x=[AWS_BEDROCK_KEY]"),
            (concat!("id ", "bedrock-", "api-key-zkE7nsXy2MTUr9GACP2PsbxrFq9Z5UeD6uJsa9nbb", ", ok"), "id [AWS_BEDROCK_KEY], ok")],
        misses ["ABSK", "bedrock-api-key-rotation"];
    AWS_SESSION: AwsSessionToken, "the fixed beginnings of AWS STS tokens and at least 60 (AWS STS: GetSessionToken)",
        [key(b"IQoJb3JpZ2lu", BASE64, 60).rule(), key(b"FwoGZXIvYXdz", BASE64, 60).rule(), key(b"FQoGZXIvYXdz", BASE64, 60).rule()],
        hits [(concat!("x=", "IQoJb3", "JpZ2luSA67fFqh2Q4NUeXaPsDYJF27ZB3HgRmKU4zAJwZYkKBQdkeRbaxm8xUjruyUs", ""), "x=[AWS_SESSION_TOKEN]"),
            (concat!("id ", "FwoGZX", "IvYXdz34F7hTY22fv29RhJY9WtnKt2xzwwm3H2TuCkNZbPmjyV7gtMJJTBpvE4LXTR4", ", ok"), "id [AWS_SESSION_TOKEN], ok")],
        misses ["IQoJb3JpZ2lu", "FwoGZXIvYXdz"];
    ALIBABA: AlibabaAccessKey, "LTAI and at least 16 (Alibaba Cloud documentation: AccessKey pair)",
        [key(b"LTAI", ALNUM, 16).rule()],
        hits [(concat!("x=", "LT", "AIvWF7SSGJ2EhCjCggb", ""), "x=[ALIBABA_ACCESS_KEY]")],
        misses ["LTAI", "LTAIxxxxxxxxxxxxxxxx"];
    DIGITALOCEAN: DigitaloceanToken, "dop_v1_, doo_v1_, dor_v1_ and 64 hex digits (DigitalOcean documentation: personal access tokens)",
        [key(b"dop_v1_", HEX, 64).rule(), key(b"doo_v1_", HEX, 64).rule(), key(b"dor_v1_", HEX, 64).rule()],
        hits [(concat!("x=", "dop", "_v1_34975eef2566936ece29366969df3b75b940ac49425138d26eed1553f9578733e", ""), "x=[DIGITALOCEAN_TOKEN]"),
            (concat!("id ", "doo", "_v1_da771e20208b89c2b015572ed106ce29e9a3e6431b565790317dc8a4a102f546b", ", ok"), "id [DIGITALOCEAN_TOKEN], ok")],
        misses ["dop_v1_0123"];
    HEROKU: HerokuKey, "HRKU- and at least 32 (Heroku Platform API: authorizations)",
        [key(b"HRKU-", BASE64_URL, 32).rule()],
        hits [(concat!("x=", "HR", "KU-JK375GLn27fPFHKBsKj3YVZ28BSyBeAW5", ""), "x=[HEROKU_KEY]")],
        misses ["HRKU-"];
    FLY: FlyToken, "fo1_, fm1r_, fm1a_, fm2_ and at least 40 (Fly.io documentation: access tokens)",
        [key(b"fo1_", BASE64_URL, 40).rule(), key(b"fm1r_", BASE64, 60).rule(), key(b"fm1a_", BASE64, 60).rule(), key(b"fm2_", BASE64, 60).rule()],
        hits [(concat!("x=", "fo", "1_Uxg7f5VD2CFBj9VcTfsTF77udyEBb3BS2A4wkq7Ew", ""), "x=[FLY_TOKEN]"),
            (concat!("id ", "fm", "1r_A7W7GhdG2kBzAwHp8vtCsQeRYZnEyk7HyER87Sqe8fhCC6663ufFMLqksPns5", ", ok"), "id [FLY_TOKEN], ok")],
        misses ["fo1_", "fm2_token"];
    VERCEL: VercelToken, "vercel_, vcp_, vci_, vca_, vcr_, vck_ and at least 24 (Vercel documentation: tokens)",
        [key(b"vercel_", ALNUM, 24).rule(), key(b"vcp_", ALNUM, 24).rule(), key(b"vci_", ALNUM, 24).rule(), key(b"vca_", ALNUM, 24).rule(), key(b"vcr_", ALNUM, 24).rule(), key(b"vck_", ALNUM, 24).rule(), key(b"vercel_blob_rw_", IDENTIFIER, 24).rule()],
        hits [(concat!("x=", "ver", "cel_rpR7RUCJ2q82zrfzWehAVrHZ2", ""), "x=[VERCEL_TOKEN]"),
            (concat!("id ", "vc", "p_N9U7Krqy29pzkMD5QSMkC4jAt", ", ok"), "id [VERCEL_TOKEN], ok")],
        misses ["vercel_project", "vercel_blob_rw_token"];
    NETLIFY: NetlifyToken, "nfp_, nfc_, nfu_ and at least 36 (Netlify documentation: access tokens)",
        [key(b"nfp_", ALNUM, 36).rule(), key(b"nfc_", ALNUM, 36).rule(), key(b"nfu_", ALNUM, 36).rule()],
        hits [(concat!("x=", "nf", "p_3GN7gfkT2DdRU64XVRYhdvEPPPzhf8uWKfvmb", ""), "x=[NETLIFY_TOKEN]"),
            (concat!("id ", "nf", "c_EB37gPpq2jDgySAGjfCQHv5BJEQakBnXPSuzn", ", ok"), "id [NETLIFY_TOKEN], ok")],
        misses ["nfp_short"];
    CLOUDFLARE: CloudflareKey, "v1.0- and two runs of hex digits: an Origin CA key; cfut_, cfat_, cfk_ and at least 40 (Cloudflare documentation)",
        [key(b"v1.0-", HEX | HYPHEN, 100).rule(), key(b"cfut_", BASE64_URL, 40).rule(), key(b"cfat_", BASE64_URL, 40).rule(), key(b"cfk_", BASE64_URL, 40).rule()],
        hits [(concat!("x=", "v1", ".0-8a67d1802eadab22cf584241473062a71f74c3e861ac2dedd377a30601a5da17489f93a27e7906c362ecfd6424cf1e72ca22b", ""), "x=[CLOUDFLARE_KEY]"),
            (concat!("id ", "cf", "ut_JPC7RJBG2JSgdnpSL44f4MJCNHkYfgW7z9DWX83aG", ", ok"), "id [CLOUDFLARE_KEY], ok")],
        misses ["v1.0-rc1", "cfk_"];
    DATABRICKS: DatabricksToken, "dapi, dkea, dose, dsapi and 32 hex digits (Databricks documentation: personal access tokens)",
        [key(b"dapi", HEX, 32).rule(), key(b"dkea", HEX, 32).rule(), key(b"dose", HEX, 32).rule(), key(b"dsapi", HEX, 32).rule()],
        hits [(concat!("x=", "da", "pi0e57e46a265b149b827cf100fb7c2fa6e", ""), "x=[DATABRICKS_TOKEN]"),
            (concat!("id ", "dk", "ea3c275dc42499b5dba867a309f4af6b97a", ", ok"), "id [DATABRICKS_TOKEN], ok")],
        misses ["dapi", "dapi0123"];
    SUPABASE: SupabaseKey, "sbp_ and 40 hex digits, sb_secret_ and at least 24 (Supabase documentation: API keys)",
        [key(b"sbp_", HEX, 40).rule(), key(b"sbp_v0_", HEX, 40).rule(), key(b"sb_secret_", IDENTIFIER, 24).rule()],
        hits [(concat!("x=", "sb", "p_9e278396228f4c21198415a1808df1141450c8371", ""), "x=[SUPABASE_KEY]"),
            (concat!("id ", "sbp", "_v0_513794392373251dc01cbc5408a09fe8973358278", ", ok"), "id [SUPABASE_KEY], ok")],
        misses ["sbp_", "sb_publishable_A2s7d9K3l4P5q6R7t8U9v0w1"];
    PLANETSCALE: PlanetscaleToken, "pscale_tkn_, pscale_pw_, pscale_oauth_ and at least 32 (PlanetScale documentation: service tokens)",
        [key(b"pscale_tkn_", BASE64_URL | DOT, 32).rule(), key(b"pscale_pw_", BASE64_URL | DOT, 32).rule(), key(b"pscale_oauth_", BASE64_URL | DOT, 32).rule()],
        hits [(concat!("x=", "pscal", "e_tkn_yfu7wVRF2CUFVpLqfT7dEF9vZ5gQEJgwU", ""), "x=[PLANETSCALE_TOKEN]"),
            (concat!("id ", "pscal", "e_pw_Y227xSbP2dy23WvVaAYqgL2ZjBfemgsqe", ", ok"), "id [PLANETSCALE_TOKEN], ok")],
        misses ["pscale_pw_"];
    DOPPLER: DopplerToken, "dp., a kind of token, a dot and at least 40 (Doppler documentation: service tokens)",
        [key(b"dp.pt.", BASE64_URL | DOT, 40).rule(), key(b"dp.st.", BASE64_URL | DOT, 40).rule(), key(b"dp.ct.", BASE64_URL | DOT, 40).rule(), key(b"dp.sa.", BASE64_URL | DOT, 40).rule(), key(b"dp.scim.", BASE64_URL | DOT, 40).rule(), key(b"dp.audit.", BASE64_URL | DOT, 40).rule(), key(b"dp.said.", BASE64_URL | DOT, 40).rule()],
        hits [(concat!("x=", "dp.", "pt.ehW7Y26V2DG6uqXAFgjtxYJmeMK8JqHBhtSUStUKJ", ""), "x=[DOPPLER_TOKEN]"),
            (concat!("id ", "dp.", "st.Prh7vWvu2LsF8hdcw66RdAnyCT9apzwnYD64FeMGe", ", ok"), "id [DOPPLER_TOKEN], ok")],
        misses ["dp.pt.x", "dp.st."];
    PULUMI: PulumiToken, "pul- and 40 hex digits (Pulumi documentation: access tokens)",
        [key(b"pul-", HEX, 40).rule()],
        hits [(concat!("x=", "pu", "l-89a7106a21fa407efd029ec296a7e39b9c8deb1a2", ""), "x=[PULUMI_TOKEN]")],
        misses ["pul-sar"];
}
