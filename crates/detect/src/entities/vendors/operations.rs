//! Monitoring, secrets and networks.

use super::{forms, key, keys, with_digits};
use crate::Entity;
use crate::alphabet::{ALNUM, BASE64, BASE64_URL, DIGIT, DOT, HEX, HYPHEN, IDENTIFIER, UNDERSCORE, UPPER};
use crate::definition::{Definition, Rule, Starts};

keys! {
    VAULT: VaultToken, "hvs., hvb., hvr. and at least 24, s. or b. and 24 (HashiCorp Vault documentation: tokens)",
        [key(b"hvs.", BASE64_URL, 24).rule(), key(b"hvb.", BASE64_URL, 24).rule(), key(b"hvr.", BASE64_URL, 24).rule(), Rule::new(Starts::Bytes(b"sb"), forms::vault).going_on_with(&[[DOT, ALNUM, ALNUM]])],
        hits [(concat!("x=", "hv", "s.fFb7MRjk2Yq6uFhVpNWMpRVzU", ""), "x=[VAULT_TOKEN]"),
            (concat!("id ", "hv", "b.S7G7xADc2F6bwHBsS6UHLtSec", ", ok"), "id [VAULT_TOKEN], ok")],
        misses ["hvs.example", "s.AbCdEfGh", "s.abcdefghijklmnopqrstuvwx"];
    GRAFANA: GrafanaToken, "glc_, glsa_ and at least 32, or a key as base64 JSON (Grafana documentation: service accounts)",
        [key(b"glc_", BASE64, 32).rule(), key(b"glsa_", IDENTIFIER, 32).rule(), key(b"eyJrIjoi", BASE64, 60).rule()],
        hits [(concat!("x=", "gl", "c_Rgv7C4YY2zEVJmaVANF2aeHLtHB5CKhwS", ""), "x=[GRAFANA_TOKEN]"),
            (concat!("id ", "gl", "sa_8en7ByPQ2nfehQLjd5V8UYdE7mJwJ6aBN", ", ok"), "id [GRAFANA_TOKEN], ok")],
        misses ["glc_", "glsa_token"];
    NEW_RELIC: NewRelicKey, "NRAK-, NRII-, NRJS-, NRRA- and at least 19, or 36 and NRAL (New Relic documentation: API keys)",
        [key(b"NRAK-", ALNUM, 27).rule(), key(b"NRII-", BASE64_URL, 32).rule(), key(b"NRIQ-", BASE64_URL, 32).rule(), key(b"NRRA-", ALNUM, 40).rule(), key(b"NRJS-", HEX, 19).rule(), key(b"NRSP-", ALNUM, 19).rule(), Rule::new(Starts::Sets(HEX), forms::new_relic).going_on_with(&[[HEX, HEX, HEX]])],
        hits [(concat!("x=", "NR", "AK-jt47jg772SShvgDpxBZbPyxEGawm", ""), "x=[NEW_RELIC_KEY]"),
            (concat!("id ", "NR", "II-nZK7FQAg2aVJFkF9L77bvqh34MSWgFghb", ", ok"), "id [NEW_RELIC_KEY], ok")],
        misses ["NRAK-", "NRAL"];
    SENTRY: SentryToken, "sntrys_, sntryu_, sntrya_, sntryi_ and at least 60 (Sentry documentation: auth tokens)",
        [key(b"sntrys_", BASE64 | UNDERSCORE, 60).rule(), key(b"sntryu_", HEX, 60).rule(), key(b"sntrya_", HEX, 60).rule(), key(b"sntryi_", HEX, 60).rule()],
        hits [(concat!("x=", "snt", "rys_t7a7FKvg2c4VdGLh7EtV3Gv66TVdY4KFVbsrqsWLJryXTjbWYpNPympdR7uxy", ""), "x=[SENTRY_TOKEN]"),
            (concat!("id ", "snt", "ryu_9757079c2b0aec66ab75d3e4ed751281a471a6e97aa651b9f3f7b86fd43dd", ", ok"), "id [SENTRY_TOKEN], ok")],
        misses ["sntrys_"];
    DYNATRACE: DynatraceToken, "dt0c01., dt0s16. and their family, 24, a dot and 64 (Dynatrace documentation: token format)",
        [key(b"dt0c01.", BASE64_URL | DOT, 80).rule(), key(b"dt0s01.", BASE64_URL | DOT, 80).rule(), key(b"dt0s02.", BASE64_URL | DOT, 80).rule(), key(b"dt0s06.", BASE64_URL | DOT, 80).rule(), key(b"dt0s08.", BASE64_URL | DOT, 80).rule(), key(b"dt0s16.", BASE64_URL | DOT, 80).rule()],
        hits [(concat!("x=", "dt0", "c01.TU37Xn4c2V8snqDCEh6C89JXsVr6XYWuAdscd4q8yQVtSL6adc8Aq3Dd7rX8u3ZyMjusTnnFCgXkXUH4w", ""), "x=[DYNATRACE_TOKEN]"),
            (concat!("id ", "dt0", "s01.BJ77bJxz2rsZEDVrpYf7PdUUb8UdL3QcaEdMYyFEs2LHQG8UPP5kkb3fVrbDLVxGvbb8hzKTqHszSPZHB", ", ok"), "id [DYNATRACE_TOKEN], ok")],
        misses ["dt0c01."];
    TERRAFORM: TerraformToken, "14, .atlasv1. and at least 60 (HCP Terraform documentation: API tokens)",
        [Rule::new(Starts::Sets(ALNUM), forms::terraform).of_long_words()],
        hits [(concat!("token = \"", "A1b2C3d4E5f6G7", ".atlasv1.zw57KSwt2GWpLBccEGJWgqecPNWtwXXdFtk68hbFPpRCNGFNSx3UVxSLsHBTyQ98", "\""), "token = \"[TERRAFORM_TOKEN]\"")],
        misses ["x.atlasv1.y", "abcdefghijklmn.atlasv1."];
    TAILSCALE: TailscaleKey, "tskey- and at least 20 (Tailscale documentation: keys)",
        [key(b"tskey-", BASE64_URL, 20).rule()],
        hits [(concat!("x=", "tsk", "ey-Rzs7FtHs2fc8KL92K7EAJ", ""), "x=[TAILSCALE_KEY]")],
        misses ["tskey-auth-"];
    AGE: AgeSecretKey, "AGE-SECRET-KEY-1 and 58, AGE-PLUGIN- (the age file format)",
        [key(b"AGE-SECRET-KEY-1", UPPER | DIGIT, 58).rule()],
        hits [(concat!("x=", "AGE-SECR", "ET-KEY-19FQ737CG2QM5D7UMXQD6B3BZX6XQG7SY7W7BVW8TJCGTDAYNABNVV4FAKRQ", ""), "x=[AGE_SECRET_KEY]")],
        misses ["AGE-SECRET-KEY-1"];
    ONEPASSWORD: OnepasswordToken, "ops_eyJ and at least 200, A3- and groups (1Password developer documentation: service accounts)",
        [key(b"ops_eyJ", BASE64_URL, 100).rule(), with_digits(key(b"A3-", UPPER | DIGIT | HYPHEN, 35), 3).rule()],
        hits [(concat!("x=", "ops", "_eyJc8X73HKV26EPTF5spRh9mpZ6f3kpQZPnXK8q4t94wxs6wVzwr4qkBvmCL4rjfjmSWW7rEgT688RrjDqHM7HZsNmywx8JDsaEnNmKq", ""), "x=[ONEPASSWORD_TOKEN]"),
            (concat!("id ", "A3", "-4X7Y2Z9W2PV55CF54V8MBHF4T25DZRFFDKNR", ", ok"), "id [ONEPASSWORD_TOKEN], ok")],
        misses ["ops_", "A3-size"];
    AZURE_SECRET: AzureSecret, "three, a digit, Q~ and at least 31: a client secret (Microsoft Entra documentation)",
        [Rule::new(Starts::Sets(ALNUM | UNDERSCORE), forms::azure).going_on_with(&[[0, 0, DIGIT]])],
        hits [(concat!("", "aBc8Q~", "dEfGhIjKl0MnOpQrStUv1wXyZ_2.aBcDe", ""), "[AZURE_SECRET]")],
        misses ["ab12Q~", "xxx8Q~short"];
}
