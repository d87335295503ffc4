//! Messaging, telephony and mail.

use super::{forms, key, keys, with_digits};
use crate::Entity;
use crate::alphabet::{ALNUM, BASE64_URL, DIGIT, DOT, HEX, HYPHEN, LETTER, PLUS_SLASH};
use crate::definition::{Definition, Rule, Starts};

keys! {
    SLACK: SlackToken, "xoxb-, xoxp- and their family, xapp- (Slack documentation: token types)",
        [key(b"xoxb-", BASE64_URL, 20).rule(), key(b"xoxp-", BASE64_URL, 20).rule(), key(b"xoxa-", BASE64_URL, 20).rule(), key(b"xoxo-", BASE64_URL, 20).rule(), key(b"xoxr-", BASE64_URL, 20).rule(), key(b"xoxs-", BASE64_URL, 20).rule(), key(b"xoxc-", BASE64_URL, 20).rule(), key(b"xoxd-", BASE64_URL, 20).rule(), key(b"xoxe-", BASE64_URL, 20).rule(), key(b"xoxe.xoxb-", BASE64_URL, 20).rule(), key(b"xoxe.xoxp-", BASE64_URL, 20).rule(), key(b"xapp-", BASE64_URL, 20).rule(), key(b"xwfp-", BASE64_URL, 20).rule()],
        hits [(concat!("x=", "xo", "xb-Nfr7uHmc2NzdJbqrTkbCU", ""), "x=[SLACK_TOKEN]"),
            (concat!("id ", "xo", "xp-SvE759y326t54SH75mcUL", ", ok"), "id [SLACK_TOKEN], ok")],
        misses ["xoxb-your-token-here-please-now", "xoxo"];
    SLACK_WEBHOOK: SlackWebhook, "an address below hooks.slack.com (Slack documentation: incoming webhooks)",
        [key(b"hooks.slack.com/services/T", ALNUM | PLUS_SLASH, 28).rule(), key(b"hooks.slack.com/workflows/T", ALNUM | PLUS_SLASH, 28).rule(), key(b"hooks.slack.com/triggers/T", ALNUM | PLUS_SLASH, 28).rule()],
        hits [(concat!("https://", "hooks.slack.c", "om/services/TZG7759TQ/BU5R7AZW52/txr7ys8f2z95hARHXApVsmAx", ""), "https://[SLACK_WEBHOOK]"),
            (concat!("id ", "hooks.slack.c", "om/workflows/TC3A7RYSJ/BMX77CGAJ2/Wcu7XGf32wgTvkvs9WyhEQTz", ", ok"), "id [SLACK_WEBHOOK], ok")],
        misses ["https://hooks.slack.com/services/", "https://hooks.slack.com/services/T000/B000/XXXX"];
    DISCORD_WEBHOOK: DiscordWebhook, "an address below discord.com/api/webhooks (Discord documentation: webhooks)",
        [key(b"discord.com/api/webhooks/", BASE64_URL | PLUS_SLASH, 70).rule(), key(b"discordapp.com/api/webhooks/", BASE64_URL | PLUS_SLASH, 70).rule(), key(b"ptb.discord.com/api/webhooks/", BASE64_URL | PLUS_SLASH, 70).rule(), key(b"canary.discord.com/api/webhooks/", BASE64_URL | PLUS_SLASH, 70).rule()],
        hits [(concat!("x=", "discord.com/", "api/webhooks/112233445566778899/e9D7qn4Y24nU2CWxKYJGPBYDzHH7cVkgfvhQqD7vtQVDBT5MZyDuTNwNqS5EqgM7qQuu", ""), "x=[DISCORD_WEBHOOK]"),
            (concat!("id ", "discordapp.com", "/api/webhooks/112233445566778899/LD57QGcA2wuTPHUA4QGxGh5u8YMGBtemsZPGyNmWdrPsncqbK7URgynbZXfUggX929pK", ", ok"), "id [DISCORD_WEBHOOK], ok")],
        misses ["https://discord.com/api/webhooks/", "https://discord.com/api/webhooks/{id}/{token}"];
    TWILIO: TwilioKey, "AC or SK and 32 hex digits (Twilio documentation: API keys, account SID)",
        [Rule::new(Starts::Bytes(b"AS"), forms::twilio).of_long_words()],
        hits [(concat!("sid ", "SK", "0123456789abcdef0123456789abcdef", "."), "sid [TWILIO_KEY].")],
        misses ["ACid", "SK0123"];
    SENDGRID: SendgridKey, "SG., 22, a dot and 43 (Twilio SendGrid documentation: API keys)",
        [with_digits(key(b"SG.", BASE64_URL | DOT, 60), 2).rule()],
        hits [(concat!("x=", "SG", ".6jv7vz6S2TwAEvCqnDa3rfWrS2LX9rc6nz7cWjSctmfVKKeAJSHaKDs85SqrH", ""), "x=[SENDGRID_KEY]")],
        misses ["SG.com is the domain"];
    MAILGUN: MailgunKey, "key- and 32 hex digits; 32, 8 and 8 hex digits (Mailgun documentation: API keys)",
        [key(b"key-", HEX, 32).rule(), Rule::new(Starts::Sets(HEX), forms::mailgun).of_long_words()],
        hits [(concat!("", "key-", "0123456789abcdef0123456789abcdef", ""), "[MAILGUN_KEY]")],
        misses ["key-value", "0123456789abcdef0123456789abcdef"];
    MAILCHIMP: MailchimpKey, "32 hex digits and -us with the number of a data centre (Mailchimp documentation: API keys)",
        [Rule::new(Starts::Sets(HEX), forms::mailchimp).of_long_words()],
        hits [(concat!("", "0123456789abcdef", "0123456789abcdea-us12", ","), "[MAILCHIMP_KEY],")],
        misses ["d41d8cd98f00b204e9800998ecf8427e-user", "us12"];
    BREVO: BrevoKey, "xkeysib-, xsmtpsib- and 64 hex digits (Brevo documentation: API keys)",
        [key(b"xkeysib-", HEX | HYPHEN, 64).rule(), key(b"xsmtpsib-", HEX | HYPHEN, 64).rule()],
        hits [(concat!("x=", "xkey", "sib-2f3711b82f627ee125c6500bac1630ad5fd42d98828ba05040d48ea0f702f13a0", ""), "x=[BREVO_KEY]"),
            (concat!("id ", "xsmt", "psib-76f7c4ce2aeb215eee25661e78030b89eda95605cf044d602b5b4813a03e7440c", ", ok"), "id [BREVO_KEY], ok")],
        misses ["xkeysib-"];
    FACEBOOK: FacebookToken, "EAA and at least 60 (Meta documentation: access tokens)",
        [with_digits(key(b"EAA", ALNUM, 60), 2).rule()],
        hits [(concat!("x=", "EA", "ADhf7Qte622GT63WKG53uS2EqzwCgytKWDTCDBvv9uueatxrVEDXNkUhKgXzud", ""), "x=[FACEBOOK_TOKEN]")],
        misses ["EAA", "EAAAAAAAAA"];
    TELEGRAM: TelegramToken, "a number, a colon, AA and 33 (Telegram bot API: authorizing your bot)",
        [Rule::new(Starts::Sets(DIGIT), forms::telegram).going_on_with(&[[DIGIT, DIGIT, DIGIT]]), Rule::new(Starts::Bytes(b"b"), forms::telegram).going_on_with(&[[LETTER, LETTER, DIGIT]])],
        hits [(concat!("bot ", "110201543:", "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw2", ""), "bot [TELEGRAM_TOKEN]"),
            (concat!("/", "bot110201543:", "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw2", "/getMe"), "/bot[TELEGRAM_TOKEN]/getMe")],
        misses ["123456789:AA", "12:30:45", "1234567890: AAB"];
    DISCORD: DiscordToken, "base64url in three parts, the first that of a number (Discord documentation: authentication)",
        [Rule::new(Starts::Bytes(b"MNO"), forms::discord).of_long_runs()],
        hits [(concat!("", "MTk4NjIyNDgzNDcxOTI1MjQ4", ".Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs", ""), "[DISCORD_TOKEN]")],
        misses ["MTk4.Cl2.ZnCj", "NET.Framework.Versions"];
    TEAMS: TeamsWebhook, "an address below webhook.office.com (Microsoft Teams documentation: incoming webhooks)",
        [Rule::new(Starts::Bytes(b"w"), forms::teams)],
        hits [(concat!("https://contoso.", "webhook.office", ".com/webhookb2/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f@0a1b2c3d/IncomingWebhook/0123456789abcdef", " x"), "https://contoso.[TEAMS_WEBHOOK] x")],
        misses ["https://contoso.webhook.office.com/webhookb2/", "https://webhook.office.com"];
}
