//! What teams work with: documents, tickets, designs.

use super::{forms, key, keys, with_digits};
use crate::Entity;
use crate::alphabet::{ALNUM, BASE64, BASE64_URL, DIGIT, DOT, HEX, HYPHEN, IDENTIFIER, LOCAL_MARK, UPPER};
use crate::definition::{Definition, Rule, Starts};

keys! {
    LINEAR: LinearKey, "lin_api_, lin_oauth_, lin_wh_ and at least 32 (Linear documentation: personal API keys)",
        [key(b"lin_api_", ALNUM, 32).rule(), key(b"lin_oauth_", ALNUM, 32).rule(), key(b"lin_wh_", ALNUM, 32).rule()],
        hits [(concat!("x=", "lin_", "api_xZD7Dd6A23EQnGjDVj9XRjgtMysgaSpdj", ""), "x=[LINEAR_KEY]"),
            (concat!("id ", "lin_o", "auth_6h67Pq9F2T6ELPVMt8jEnZunjGDFDxJ2L", ", ok"), "id [LINEAR_KEY], ok")],
        misses ["lin_api_"];
    NOTION: NotionToken, "ntn_ and at least 40, secret_ and 43 (Notion documentation: authorization)",
        [key(b"ntn_", ALNUM, 40).rule(), with_digits(key(b"secret_", ALNUM, 43), 2).rule()],
        hits [(concat!("x=", "nt", "n_aHx7nxEd2Xm2xYKXwyzz977PFx9xA2tBrRVXHHV3A", ""), "x=[NOTION_TOKEN]"),
            (concat!("id ", "sec", "ret_BLr7ghpN2JWxkLrumggfZdAcqM8PUVdbmgMYbmvbeuGX", ", ok"), "id [NOTION_TOKEN], ok")],
        misses ["ntn_", "secret_manager_name"];
    AIRTABLE: AirtableToken, "pat, 14, a dot and 64 hex digits (Airtable documentation: personal access tokens)",
        [Rule::new(Starts::Bytes(b"p"), forms::airtable).of_long_words()],
        hits [(concat!("", "patA1b2C3d4E5f6G7", ".0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", ""), "[AIRTABLE_TOKEN]")],
        misses ["pattern.matching", "pat0123456789abcd.example"];
    FIGMA: FigmaToken, "figd_, figu_, figo_, figor_ and at least 36 (Figma documentation: access tokens)",
        [key(b"figd_", BASE64_URL, 36).rule(), key(b"figu_", BASE64_URL, 36).rule(), key(b"figo_", BASE64_URL, 36).rule(), key(b"figor_", BASE64_URL, 36).rule()],
        hits [(concat!("x=", "fi", "gd_fB475Gzh2jY2NZFJek6xRHSZ2FVXPkEUzZD8d", ""), "x=[FIGMA_TOKEN]"),
            (concat!("id ", "fi", "gu_YPY7NE5Q2SnqKvNbsVJxtYbtzBhqfcaqCmcLM", ", ok"), "id [FIGMA_TOKEN], ok")],
        misses ["figd_"];
    POSTMAN: PostmanKey, "PMAK-, 24, a hyphen and 34 hex digits (Postman documentation: API keys)",
        [key(b"PMAK-", HEX | HYPHEN, 50).rule(), key(b"PMAT-", ALNUM, 26).rule()],
        hits [(concat!("x=", "PM", "AK-b9c7e4862dc0db6c82ca981d8637eae869708f624ab57f655be", ""), "x=[POSTMAN_KEY]"),
            (concat!("id ", "PM", "AT-R6X7PAmz28LcpqgkdhPhbXA53EB", ", ok"), "id [POSTMAN_KEY], ok")],
        misses ["PMAK-"];
    HUBSPOT: HubspotToken, "pat-, a region and a UUID (HubSpot documentation: private apps)",
        [key(b"pat-na1-", HEX | HYPHEN, 36).rule(), key(b"pat-na2-", HEX | HYPHEN, 36).rule(), key(b"pat-na3-", HEX | HYPHEN, 36).rule(), key(b"pat-eu1-", HEX | HYPHEN, 36).rule(), key(b"pat-ap1-", HEX | HYPHEN, 36).rule()],
        hits [(concat!("x=", "pat-", "na1-0d07afe3283ff7ead89a53d229e4c5a67b208", ""), "x=[HUBSPOT_TOKEN]"),
            (concat!("id ", "pat-", "na2-5a2717b6264b78be0370fa31d7a2e385a8a74", ", ok"), "id [HUBSPOT_TOKEN], ok")],
        misses ["pat-na1-", "pat-phrase"];
    DROPBOX: DropboxToken, "sl. and at least 100 (Dropbox documentation: OAuth guide)",
        [with_digits(key(b"sl.", BASE64_URL | DOT, 100), 3).rule()],
        hits [(concat!("x=", "sl", ".4x7y2z9w2UTrBRjpBsFLwRpnGBWex5NABtNZWB5aXUqpTLRFpEFH6Ysnr6pae9c3JgxAxHabeGnAX9HzVpDxtDaXX84rM5hmUr8Tf", ""), "x=[DROPBOX_TOKEN]")],
        misses ["sl.txt"];
    MAPBOX: MapboxToken, "sk., pk. or tk. and a JSON object as base64url (Mapbox documentation: access tokens)",
        [key(b"sk.eyJ", BASE64_URL | DOT, 60).rule(), key(b"pk.eyJ", BASE64_URL | DOT, 60).rule(), key(b"tk.eyJ", BASE64_URL | DOT, 60).rule()],
        hits [(concat!("x=", "sk.", "eyJk6w7ZbM62VEgdP9UKBuFUK2sDPNyPQWm3qd9ktGxf2zWtqMzJ9DL6wRq5bGFD", ""), "x=[MAPBOX_TOKEN]"),
            (concat!("id ", "pk.", "eyJaXh7XGtp2v9wyzjKdTPcDNax4UUzwrJjVXgtSqVq8XRwYLcm7rf8QsH6JhFfm", ", ok"), "id [MAPBOX_TOKEN], ok")],
        misses ["pk.id", "sk.eyJ"];
    SERVICE_KEYS: ServiceKey, "keys of other services: Contentful CFPAT-, Adobe p8e-, Typeform tfp_, Readme rdme_, Prefect pnu_, Infracost ico-, Scalingo tk-us-, Frame.io fio-u-, Resend re_, PostHog phx_, Courier pk_prod_, OneSignal os_v2_, Trello ATTA, Twitter bearer tokens, LinkedIn WPL_AP1, Intercom dG9rO, Cloudinary, Render rnd_, Neon napi_, Aiven, Tencent AKID, Yandex t1. and AQVN, MaxMind, Amazon MWS, Defined dnkey-, MongoDB Atlas mdb_sa_sk_, Okta, OpenShift sha256~, Adafruit aio_, Apify, PubNub sec-c-, WakaTime, Zuplo, Zoho 1000., ClickHouse 4b1d, reCAPTCHA 6L, Klaviyo pk_, Onfido, Octopus API-, Endor Labs, Authress (their documentation)",
        [with_digits(key(b"aio_", ALNUM, 28), 2).rule(), key(b"apify_api_", ALNUM, 30).rule(), key(b"flp_", ALNUM, 40).rule(), key(b"jca_", ALNUM, 32).rule(), with_digits(key(b"lip_", ALNUM, 20), 2).rule(), with_digits(key(b"md-", BASE64_URL, 22), 3).rule(), key(b"sec-c-", ALNUM, 30).rule(), key(b"waka_", HEX | HYPHEN, 36).rule(), key(b"zpka_", IDENTIFIER, 40).rule(), with_digits(key(b"1000.", HEX | DOT, 60), 4).rule(), with_digits(key(b"4b1d", ALNUM, 38), 3).rule(), key(b"s-s4t2ud-", HEX, 60).rule(), key(b"s-s4t2af-", HEX, 60).rule(), with_digits(key(b"6Lc", BASE64_URL, 37), 2).rule(), with_digits(key(b"6Ld", BASE64_URL, 37), 2).rule(), with_digits(key(b"6Le", BASE64_URL, 37), 2).rule(), with_digits(key(b"6Lf", BASE64_URL, 37), 2).rule(), with_digits(key(b"pk_", HEX, 34), 4).rule(), key(b"api_live.", BASE64_URL | DOT, 40).rule(), key(b"api_sandbox.", BASE64_URL | DOT, 40).rule(), with_digits(key(b"API-", UPPER | DIGIT, 25), 3).rule(), key(b"sgp_", ALNUM, 50).rule(), key(b"endr+", ALNUM | HYPHEN, 16).rule(), key(b"cal_live_", ALNUM, 30).rule(), key(b"sm_sat_", ALNUM, 16).rule(), with_digits(key(b"ext_", BASE64_URL | DOT, 60), 4).rule(), with_digits(key(b"authress_", BASE64_URL | DOT, 50), 3).rule(), with_digits(key(b"scauth_", BASE64_URL | DOT, 50), 3).rule(), with_digits(key(b"pk.", ALNUM | DOT, 80), 4).rule(), key(b"CFPAT-", BASE64_URL, 40).rule(), key(b"p8e-", ALNUM, 32).rule(), key(b"tfp_", BASE64_URL, 40).rule(), key(b"rdme_", ALNUM, 60).rule(), key(b"pnu_", ALNUM, 36).rule(), key(b"pnb_", ALNUM, 36).rule(), key(b"ico-", ALNUM, 32).rule(), key(b"tk-us-", BASE64_URL, 48).rule(), key(b"tk-eu-", BASE64_URL, 48).rule(), key(b"fio-u-", BASE64_URL, 60).rule(), with_digits(key(b"re_", IDENTIFIER, 28), 3).rule(), key(b"phx_", ALNUM, 40).rule(), key(b"pk_prod_", ALNUM, 28).rule(), key(b"dk_prod_", ALNUM, 28).rule(), key(b"os_v2_app_", ALNUM, 80).rule(), key(b"os_v2_org_", ALNUM, 80).rule(), key(b"ATTA", HEX, 64).rule(), with_digits(key(b"AAAAAAAAAAAAAAAAAAAA", ALNUM | LOCAL_MARK, 60), 4).rule(), key(b"WPL_AP1.", BASE64_URL | DOT, 16).rule(), key(b"dG9rO", BASE64, 40).rule(), with_digits(key(b"rnd_", ALNUM, 28), 2).rule(), key(b"napi_", ALNUM, 48).rule(), key(b"AKID", ALNUM, 32).rule(), with_digits(key(b"t1.", BASE64_URL | DOT, 80), 4).rule(), key(b"AQVN", BASE64_URL, 35).rule(), with_digits(key(b"YCAJ", BASE64_URL, 20), 2).rule(), key(b"amzn.mws.", HEX | HYPHEN, 36).rule(), key(b"dnkey-", IDENTIFIER | HYPHEN, 50).rule(), key(b"mdb_sa_sk_", BASE64_URL, 40).rule(), key(b"sha256~", BASE64_URL, 43).rule(), with_digits(key(b"SCW", UPPER | DIGIT, 17), 3).rule(), with_digits(key(b"EAG", ALNUM, 80), 5).rule(), with_digits(key(b"secret-", ALNUM, 40), 3).rule(), key(b"tok_live_", ALNUM, 24).rule(), key(b"sdk-", HEX | HYPHEN, 36).rule(), key(b"mob-", HEX | HYPHEN, 36).rule(), key(b"api-", HEX | HYPHEN, 36).rule(), key(b"sm_pat_", ALNUM, 16).rule(), key(b"sm_aat_", ALNUM, 16).rule(), with_digits(key(b"b_", BASE64, 44), 3).rule(), with_digits(key(b"cu_", ALNUM, 32), 2).rule(), with_digits(key(b"akab-", BASE64_URL, 16), 2).rule(), key(b"lsq_", ALNUM, 40).rule(), key(b"ddapp_", ALNUM, 34).rule(), key(b"ddp_", ALNUM, 34).rule(), key(b"pdt_", ALNUM, 32).rule(), with_digits(key(b"LIVE_", ALNUM, 32), 3).rule(), key(b"user_token_", ALNUM, 32).rule()],
        hits [(concat!("x=", "CFP", "AT-c8h7rGtu2zmWxrLHbz6wqscMh2t6B3zBee39HdFY2", ""), "x=[SERVICE_KEY]"),
            (concat!("id ", "p8", "e-krs7Q75L25E75zVp4D7L7KAFhHwAtqaX5", ", ok"), "id [SERVICE_KEY], ok"),
            (concat!("id ", "tf", "p_HjT7Ycq628VTEXvCAV5QzuEvGxTypZALDTUem2xyQ", "\""), "id [SERVICE_KEY]\""),
            (concat!("id ", "rd", "me_eND7UrVX2Wgdp2RhmfLBzXEymmRpSBZnMafQv2AkDBq6GcWBkE3HGfNvS5YLU", ""), "id [SERVICE_KEY]")],
        misses ["api-gateway", "re_compile_pattern_for_matches", "tfp_", "sdk-version-12", "secret-name", "t1.id", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "EAGLE"];
}
