//! What a developer pastes to reach a connection. The connection's base URL decides what comes before the path, so a client's
//! base URL is `<public>/c/<name>`, and `/v1` after it where the connection's is a bare host.

/// A client and the text to paste.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    pub client: &'static str,
    pub text: String,
}

/// What stands where the token goes until one was issued.
pub const TOKEN_PLACE: &str = "cs_YOUR_TOKEN";
/// What stands where the model's name goes.
pub const MODEL_PLACE: &str = "MODEL_NAME";

/// The base URL a client is given; `root` is the connection's `client_root`.
pub fn base(public_url: &str, connection: &str, root: &str) -> String {
    format!("{}/c/{connection}{root}", public_url.trim_end_matches('/'))
}

/// curl, the OpenAI Python package and the OpenAI JavaScript package.
pub fn snippets(base: &str, token: &str, model: &str) -> Vec<Snippet> {
    vec![
        Snippet {
            client: "curl",
            text: format!(
                "curl {base}/chat/completions \\\n  -H \"Authorization: Bearer {token}\" \\\n  -H \"Content-Type: application/json\" \\\n  -d '{{\"model\": \"{model}\", \"messages\": [{{\"role\": \"user\", \"content\": \"Hello from ana@example.com\"}}]}}'"
            ),
        },
        Snippet {
            client: "Python",
            text: format!(
                "from openai import OpenAI\n\nclient = OpenAI(\n    base_url=\"{base}\",\n    api_key=\"{token}\",\n)\nanswer = client.chat.completions.create(\n    model=\"{model}\",\n    messages=[{{\"role\": \"user\", \"content\": \"Hello from ana@example.com\"}}],\n)\nprint(answer.choices[0].message.content)"
            ),
        },
        Snippet {
            client: "JavaScript",
            text: format!(
                "import OpenAI from \"openai\";\n\nconst client = new OpenAI({{\n  baseURL: \"{base}\",\n  apiKey: \"{token}\",\n}});\nconst answer = await client.chat.completions.create({{\n  model: \"{model}\",\n  messages: [{{ role: \"user\", content: \"Hello from ana@example.com\" }}],\n}});\nconsole.log(answer.choices[0].message.content);"
            ),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_client_gets_the_same_base_and_token() {
        assert_eq!(base("https://cs.example/", "llama", "/v1"), "https://cs.example/c/llama/v1");
        let base = base("https://cs.example/", "llama", "");
        assert_eq!(base, "https://cs.example/c/llama");
        for snippet in snippets(&base, "cs_1", "m") {
            assert!(snippet.text.contains(&base), "{}", snippet.client);
            assert!(snippet.text.contains("cs_1"), "{}", snippet.client);
        }
    }
}
