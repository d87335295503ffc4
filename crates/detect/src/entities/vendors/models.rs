//! Models, and what is built around them.

use super::{key, keys, with_digits};
use crate::Entity;
use crate::alphabet::{ALNUM, BASE64_URL, HEX, IDENTIFIER};
use crate::definition::Definition;

keys! {
    ANTHROPIC: AnthropicApiKey, "sk-ant- and at least 32, of an administrator too (Anthropic documentation: API keys)",
        [key(b"sk-ant-", BASE64_URL, 32).rule()],
        hits [(concat!("x=", "sk-", "ant-LtJ7f3n62UzfN9YkchczyRKAUmhdxNyqt", ""), "x=[ANTHROPIC_API_KEY]")],
        misses ["sk-ant-api03"];
    OPENROUTER: OpenrouterApiKey, "sk-or-v1- and 64 hex digits (OpenRouter documentation: authentication)",
        [key(b"sk-or-", BASE64_URL, 40).rule()],
        hits [(concat!("x=", "sk-", "or-2dS7WGgt2Z47YT6ZgjDTSWNMgF3D4xvEAkBWtgQRM", ""), "x=[OPENROUTER_API_KEY]")],
        misses ["sk-or-v1-"];
    OPENAI: OpenaiApiKey, "sk-, with at least three digits in the first 32; so also sk-proj-, sk-svcacct-, sk-admin- (OpenAI documentation: API keys)",
        [with_digits(key(b"sk-", BASE64_URL, 32), 3).rule()],
        hits [(concat!("x=", "sk", "-4x7y2z9w22b8pdkzp9dRw7chpaJvJZgzn", ""), "x=[OPENAI_API_KEY]"),
            (concat!("OPENAI_API_KEY=", "sk-", "proj-AbC1dEf2GhI3jKl4MnO5pQr6StU7vWx8", ""), "OPENAI_API_KEY=[OPENAI_API_KEY]")],
        misses ["sk-learn", "sk-folding-cube-with-a-very-long-class-name-2", "task-1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d7e8f"];
    HUGGINGFACE: HuggingfaceToken, "hf_, api_org_ and 34 letters or digits (Hugging Face documentation: user access tokens)",
        [with_digits(key(b"hf_", ALNUM, 34), 0).rule(), with_digits(key(b"api_org_", ALNUM, 34), 0).rule()],
        hits [(concat!("x=", "hf", "_y6D7ebVF2heYUm4vADvBSugjcZs6ZRTJYFb", ""), "x=[HUGGINGFACE_TOKEN]"),
            (concat!("id ", "api_", "org_2pp7hMMz2x2L3JvT5HEEy8T2Em89b4ThNqc", ", ok"), "id [HUGGINGFACE_TOKEN], ok"),
            (concat!("", "hf", "_AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGh", ""), "[HUGGINGFACE_TOKEN]")],
        misses ["hf_hub_download", "hf_model"];
    GROQ: GroqApiKey, "gsk_ and at least 40 (Groq documentation: API keys)",
        [key(b"gsk_", ALNUM, 40).rule()],
        hits [(concat!("x=", "gs", "k_ZDY7vw3X2WfXdNQsFKy6q5dafGt6FJ4vazhAdTjYE", ""), "x=[GROQ_API_KEY]")],
        misses ["gsk_key"];
    XAI: XaiApiKey, "xai- and at least 60 (xAI documentation: API keys)",
        [key(b"xai-", ALNUM, 60).rule()],
        hits [(concat!("x=", "xa", "i-NeV79X632su4FzbPf3B5JrXW5mmDzmPHEdcsDq6pYPnGtxfdEW7fvz92FnZDf", ""), "x=[XAI_API_KEY]")],
        misses ["xai-api"];
    REPLICATE: ReplicateToken, "r8_ and 37 (Replicate documentation: API tokens)",
        [key(b"r8_", ALNUM, 37).rule()],
        hits [(concat!("x=", "r8", "_6Hn7ERww2qTwFuvC9jq9zuQBaVBz4E8sSnav3p", ""), "x=[REPLICATE_TOKEN]")],
        misses ["r8_model"];
    PERPLEXITY: PerplexityApiKey, "pplx- and at least 40 (Perplexity documentation: API keys)",
        [key(b"pplx-", ALNUM, 40).rule()],
        hits [(concat!("x=", "pp", "lx-Z2d7MA632jYGetcYGHP6YAePy2u3aGsrpUqYpjhCE", ""), "x=[PERPLEXITY_API_KEY]")],
        misses ["pplx-api", "pplx-70b-online"];
    LANGSMITH: LangsmithKey, "lsv2_pt_, lsv2_sk_ and at least 40 (LangSmith documentation: API keys)",
        [key(b"lsv2_pt_", IDENTIFIER, 40).rule(), key(b"lsv2_sk_", IDENTIFIER, 40).rule()],
        hits [(concat!("x=", "lsv2", "_pt_sUP7aUba2LqmLJHSpEsDHEcZz7PrGudPXE7XaNger", ""), "x=[LANGSMITH_KEY]"),
            (concat!("id ", "lsv2", "_sk_bQE7R9Yt2UAYbEV3fq7j44a4mN8rM338hBNRfngPt", ", ok"), "id [LANGSMITH_KEY], ok")],
        misses ["lsv2_pt_"];
    PINECONE: PineconeApiKey, "pcsk_ and at least 50 (Pinecone documentation: API keys)",
        [key(b"pcsk_", IDENTIFIER, 50).rule()],
        hits [(concat!("x=", "pc", "sk_DuX7uwaA2GfVBF8DpPqvRexkY8X2Gft2TRThAAbfnV38hLWfuz4", ""), "x=[PINECONE_API_KEY]")],
        misses ["pcsk_key"];
    COUNTERSIGN: CountersignToken, "cs_ and 49: a token of this gateway",
        [key(b"cs_", BASE64_URL, 49).rule()],
        hits [(concat!("x=", "cs", "_8eP7Cecn2LrxtNAwZxern93LgWEbwmB7w2AHwyxhtSSbZF7TnG", ""), "x=[COUNTERSIGN_TOKEN]")],
        misses ["cs_CZ", "cs_uint256_t"];
    MODEL_KEYS: ModelServiceKey, "keys of model services: Fireworks fw_, Together tgp_v1_, NVIDIA nvapi-, Cerebras csk-, ElevenLabs sk_, Jina jina_, Tavily tvly-, Firecrawl fc-, E2B e2b_, Voyage pa-, Langfuse sk-lf-, Weights & Biases wandb_v1_, OpenAI sess- (their documentation)",
        [with_digits(key(b"fw_", ALNUM, 22), 2).rule(), with_digits(key(b"fpk_", ALNUM, 22), 2).rule(), key(b"tgp_v1_", BASE64_URL, 40).rule(), key(b"nvapi-", BASE64_URL, 60).rule(), key(b"csk-", ALNUM, 40).rule(), key(b"sk_", HEX, 48).rule(), key(b"jina_", IDENTIFIER, 50).rule(), with_digits(key(b"tvly-", BASE64_URL, 30), 2).rule(), key(b"fc-", HEX, 32).rule(), key(b"e2b_", HEX, 40).rule(), with_digits(key(b"pa-", BASE64_URL, 40), 3).rule(), key(b"wandb_v1_", IDENTIFIER, 50).rule(), key(b"sess-", ALNUM, 40).rule(), key(b"ls__", ALNUM, 32).rule(), key(b"voyage-", ALNUM, 40).rule(), key(b"hcaik_", ALNUM, 40).rule()],
        hits [(concat!("x=", "fw", "_PJa7zwFx2KfXfnweAhTbAg6", ""), "x=[MODEL_SERVICE_KEY]"),
            (concat!("id ", "fp", "k_wW27T3w228mtqhb3Suw5LNe", ", ok"), "id [MODEL_SERVICE_KEY], ok"),
            (concat!("id ", "tgp", "_v1_SrL776Mm2AHUCMhFxgEEsayDjFTppg6TTpBuDBRmA", "\""), "id [MODEL_SERVICE_KEY]\""),
            (concat!("id ", "nva", "pi-BMU7Lehd2z8a8anHXE3WTKhURueB6j9QSjymEwyEwtH2GzkXMHcD7fmqyb2NR", ""), "id [MODEL_SERVICE_KEY]")],
        misses ["fw_version", "fc-match", "pa-amount", "jina_embeddings", "nvapi-"];
}
