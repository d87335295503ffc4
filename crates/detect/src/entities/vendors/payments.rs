//! Payments and shops.

use super::{forms, key, keys, with_digits};
use crate::Entity;
use crate::alphabet::{ALNUM, BASE64, BASE64_URL, HEX, HYPHEN, IDENTIFIER, LETTER};
use crate::definition::{Definition, Rule, Starts};

keys! {
    STRIPE: StripeKey, "sk_, rk_ with live or test; whsec_ (Stripe documentation: API keys)",
        [key(b"sk_live_", ALNUM, 20).rule(), key(b"sk_test_", ALNUM, 20).rule(), key(b"rk_live_", ALNUM, 20).rule(), key(b"rk_test_", ALNUM, 20).rule(), key(b"sk_org_", ALNUM, 20).rule(), key(b"whsec_", BASE64, 24).rule()],
        hits [(concat!("x=", "sk_l", "ive_2Dk7kbSH24hbdrcU55h2E", ""), "x=[STRIPE_KEY]"),
            (concat!("id ", "sk_t", "est_jUg7saRV2YqjUHkBybkwy", ", ok"), "id [STRIPE_KEY], ok")],
        misses ["sk_live_", "pk_live_4eC39HqLyjWDarjtT1zdp7dc", "sk_test_xxxxxxxxxxxxxxxxxxxxxxxx"];
    SHOPIFY: ShopifyToken, "shpat_, shpca_, shppa_, shpss_ and 32 hex digits (Shopify documentation: token lengths)",
        [key(b"shpat_", HEX, 32).rule(), key(b"shpca_", HEX, 32).rule(), key(b"shppa_", HEX, 32).rule(), key(b"shpss_", HEX, 32).rule(), key(b"shptka_", HEX, 32).rule()],
        hits [(concat!("x=", "shp", "at_d797794925a381a32f1de36c17c0a1857", ""), "x=[SHOPIFY_TOKEN]"),
            (concat!("id ", "shp", "ca_47471c0f207a4ce7c3d3a9e2446a7c9a7", ", ok"), "id [SHOPIFY_TOKEN], ok")],
        misses ["shpat_token"];
    SQUARE: SquareToken, "sq0atp-, sq0csp-, sq0idp- and at least 22, EAAA and 60 (Square documentation: access tokens)",
        [key(b"sq0atp-", BASE64_URL, 22).rule(), key(b"sq0csp-", BASE64_URL, 40).rule(), with_digits(key(b"EAAA", BASE64_URL, 56), 3).rule()],
        hits [(concat!("x=", "sq0", "atp-uBf7dq3W2QXwDYWWjknRQ9D", ""), "x=[SQUARE_TOKEN]"),
            (concat!("id ", "sq0", "csp-pe67yWd322GNrx46tyGPEYDXKKb3A56bhsDCeafTD", ", ok"), "id [SQUARE_TOKEN], ok")],
        misses ["sq0idp-", "sq0csp-secret"];
    BRAINTREE: BraintreeToken, "access_token$production$ or $sandbox$, 16, $ and 32 hex digits (Braintree documentation: access tokens)",
        [Rule::new(Starts::Bytes(b"a"), forms::braintree).going_on_with(&[[LETTER, LETTER, LETTER]])],
        hits [(concat!("", "access_token$production", "$4x7y2z9w8v6u5t3s$0123456789abcdef0123456789abcdef", ""), "[BRAINTREE_TOKEN]")],
        misses ["access_token$production$", "access_token$sandbox$xxxx$yyyy"];
    RAZORPAY: RazorpayKey, "rzp_live_, rzp_test_ and 14 (Razorpay documentation: API keys)",
        [key(b"rzp_live_", ALNUM, 14).rule(), key(b"rzp_test_", ALNUM, 14).rule()],
        hits [(concat!("x=", "rzp_", "live_nQT7bXBB2CUdFbz", ""), "x=[RAZORPAY_KEY]"),
            (concat!("id ", "rzp_", "test_pbx75ba629Tft2t", ", ok"), "id [RAZORPAY_KEY], ok")],
        misses ["rzp_live_"];
    PLAID: PlaidToken, "access-, an environment and a UUID (Plaid documentation: access tokens)",
        [key(b"access-sandbox-", HEX | HYPHEN, 36).rule(), key(b"access-development-", HEX | HYPHEN, 36).rule(), key(b"access-production-", HEX | HYPHEN, 36).rule()],
        hits [(concat!("x=", "access-", "sandbox-e4272c7526c5b632cba3236dd304ed0601e59", ""), "x=[PLAID_TOKEN]"),
            (concat!("id ", "access-de", "velopment-7c57f7ae2edc07ff6d510110c328d2e667863", ", ok"), "id [PLAID_TOKEN], ok")],
        misses ["access-production-data"];
    PAYMENT_KEYS: PaymentKey, "keys of payment services: EasyPost EZAK EZTK, Flutterwave FLWSECK, Shippo shippo_live_, Duffel duffel_live_, Paddle pdl_live_, Lob and GoCardless and Mollie live_, Adyen AQE, Coinbase, Paystack sk_live_ (their documentation)",
        [key(b"EZAK", ALNUM, 54).rule(), key(b"EZTK", ALNUM, 54).rule(), key(b"FLWSECK-", ALNUM | HYPHEN, 32).rule(), key(b"FLWSECK_TEST-", ALNUM | HYPHEN, 12).rule(), key(b"FLWSECK_TEST", HEX, 12).rule(), key(b"shippo_live_", HEX, 40).rule(), key(b"shippo_test_", HEX, 40).rule(), key(b"duffel_live_", BASE64_URL, 40).rule(), key(b"duffel_test_", BASE64_URL, 40).rule(), key(b"pdl_live_", IDENTIFIER, 40).rule(), key(b"pdl_sdbx_", IDENTIFIER, 40).rule(), with_digits(key(b"live_", BASE64_URL, 30), 3).rule(), with_digits(key(b"test_", BASE64_URL, 35), 4).rule(), with_digits(key(b"AQE", BASE64, 90), 4).rule()],
        hits [(concat!("x=", "EZ", "AKNDB7FBZJ28KgAN4UpBSsjMnAzEW3HuSUmPWxmMEsHQ4SSRAaEhkaaRf", ""), "x=[PAYMENT_KEY]"),
            (concat!("id ", "EZ", "TKyUQ7acMd2eJrGfkZSHke9tEsbVJKM8N79SWTNZPKNqxB4cU6xwTuB57", ", ok"), "id [PAYMENT_KEY], ok"),
            (concat!("id ", "FLWS", "ECK-54t7Ruhb2uCCCCuXFfyWwfHW3gaGqYKgG", "\""), "id [PAYMENT_KEY]\""),
            (concat!("id ", "FLWSEC", "K_TEST-Db77ssae2CehE", ""), "id [PAYMENT_KEY]")],
        misses ["live_updates_of_the_page_for_2024", "FLWSECK", "test_that_a_long_name_of_a_test_is_left_1234"];
}
