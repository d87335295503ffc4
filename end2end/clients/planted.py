"""Values that must never be on record or in a log, whatever the suites do with them."""

EMAIL = "zelda.quimby@planted.example"
EMAIL_2 = "ignatz.mouse@planted.example"
CARD = "4111111111111111"
CARD_SPACED = "4111 1111 1111 1111"
SSN = "536-90-4399"
IBAN = "DE89370400440532013000"
PHONE = "+1 415 555 2671"
GITHUB = "ghp_16C7e42F292c6912E7710c838347Ae178B4a"

ALL = [EMAIL, EMAIL_2, CARD, CARD_SPACED, SSN, IBAN, PHONE, GITHUB]

# What stands in their place.
EMAIL_LABEL = "[EMAIL_ADDRESS]"
CARD_LABEL = "[CREDIT_CARD]"
SSN_LABEL = "[US_SSN]"
