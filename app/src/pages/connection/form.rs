//! The connection form: used to make one, to change one, and in the first-run pages.

use countersign_model::connection::ConnectionSettings;
use leptos::prelude::*;

use super::{actions::ActionFields, analyzer::AnalyzerFields};
use crate::{
    components::field::{Choice, Field, Tick},
    context::posted,
    view::entries::ConnectionEntries,
};

/// What the form is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    New,
    Edit,
    /// The first-run pages: the rest is folded away.
    Setup,
}

/// The form. A secret is never shown; what was typed into it is never shown again. `open_secret` is no secret: the built-in
/// sample model's key.
#[component]
pub(crate) fn ConnectionForm(
    settings: ConnectionSettings,
    has_secret: bool,
    version: i64,
    action: String,
    purpose: Purpose,
    #[prop(optional)] open_secret: String,
) -> impl IntoView {
    let shown = ConnectionEntries::new(&settings, &posted());
    let submit = match purpose {
        Purpose::New => "Create connection",
        Purpose::Edit => "Save changes",
        Purpose::Setup => "Create and go on",
    };
    let folded = purpose == Purpose::Setup;
    let rest = view! {
        <Keeping shown=shown.clone() />
        <ActionFields shown=shown.clone() />
        <AnalyzerFields shown=shown.analyzer.clone() />
        <LimitFields shown=shown.clone() />
    };
    view! {
        <form method="post" action=action class="fields">
            <input type="hidden" name="version" value=version />
            <fieldset>
                <legend>"Model server"</legend>
                <Field
                    name="name"
                    label="Name"
                    value=shown.name.clone()
                    hint="In the callers' URL: lower-case letters, digits and “-”."
                    pattern="[a-z0-9]([a-z0-9\\-]{0,61}[a-z0-9])?"
                    required=true
                    mono=true
                />
                <Field name="description" label="Description" value=shown.description.clone() />
                <Field
                    name="base_url"
                    label="Base URL"
                    value=shown.base_url.clone()
                    hint="As an OpenAI client would be given it, usually ending in /v1. No query, no user name."
                    inputmode="url"
                    required=true
                    mono=true
                />
                <Credential shown=shown.clone() has_secret fresh={purpose != Purpose::Edit} open_secret />
            </fieldset>
            <fieldset>
                <legend>"Who may call it"</legend>
                <Field
                    name="groups"
                    label="Groups"
                    value=shown.groups.clone()
                    hint="Separated by commas. “*” is everyone who is signed in; empty is nobody."
                />
                <Tick name="enabled" label="Switched on" on=shown.enabled hint="Off: callers get “unknown connection”." />
            </fieldset>
            {if folded {
                view! {
                    <details class="more">
                        <summary>"Masking, recording, analyzer and limits"</summary>
                        {rest}
                    </details>
                }
                    .into_any()
            } else {
                rest.into_any()
            }}
            <p class="actions"><button type="submit" class="primary">{submit}</button></p>
        </form>
    }
}

#[component]
fn Credential(shown: ConnectionEntries, has_secret: bool, fresh: bool, open_secret: String) -> impl IntoView {
    let kinds = [("none", "none"), ("bearer", "bearer token"), ("header", "a header of its own")];
    let stored: &[(&str, &str)] = if has_secret {
        &[
            ("keep", "Keep the stored one"),
            ("set", "Replace it with the one typed here"),
            ("remove", "Remove it"),
        ]
    } else {
        &[("keep", "None is stored"), ("set", "Store the one typed here")]
    };
    let change = posted().value("secret_change").unwrap_or("keep").to_owned();
    let pairs = |list: &[(&str, &str)]| {
        list.iter().map(|(key, words)| ((*key).to_owned(), (*words).to_owned())).collect::<Vec<_>>()
    };
    view! {
        <div class="pair">
            <Choice
                name="credential_kind"
                label="Credential for the model server"
                options=pairs(&kinds)
                value=shown.credential_kind
            />
            <Field
                name="credential_header"
                label="Header name"
                value=shown.credential_header
                hint="Only for a header of its own, such as x-api-key."
                mono=true
            />
        </div>
        <div class="pair">
            {if fresh {
                view! { <input type="hidden" name="secret_change" value="set" /> }.into_any()
            } else {
                view! { <Choice name="secret_change" label="Stored secret" options=pairs(stored) value=change /> }
                    .into_any()
            }}
            {if open_secret.is_empty() {
                view! {
                    <Field
                        name="secret"
                        label="Secret"
                        kind="password"
                        autocomplete="new-password"
                        hint="Sealed before it is stored; never shown again."
                    />
                }
                    .into_any()
            } else {
                view! {
                    <Field
                        name="secret"
                        label="Secret"
                        value=open_secret
                        autocomplete="off"
                        hint="The sample's key, filled in. Yours will be sealed and never shown again."
                        mono=true
                    />
                }
                    .into_any()
            }}
        </div>
    }
}

#[component]
fn Keeping(shown: ConnectionEntries) -> impl IntoView {
    let own = |key: &str, words: &str| (key.to_owned(), words.to_owned());
    let recording =
        vec![own("masked_text", "Masked prompt and answer"), own("metadata_only", "Metadata only, no text")];
    let uninspected = vec![own("refuse", "Refuse it"), own("pass", "Pass it on, and say so in the record")];
    view! {
        <fieldset>
            <legend>"Masking and recording"</legend>
            <Tick
                name="mask_prompt"
                label="Mask what goes to the model"
                on=shown.mask_prompt
                hint="Off: the model sees what was typed, whatever is chosen below; the record is masked all the same."
            />
            <Tick
                name="mask_response"
                label="Mask what comes back to the caller"
                on=shown.mask_response
                hint="Off: the caller sees what the model wrote, whatever is chosen below; the record is masked all the same."
            />
            <div class="pair">
                <Choice name="recording" label="What is kept" options=recording value=shown.recording />
                <Choice
                    name="uninspected"
                    label="A body that cannot be inspected"
                    options=uninspected
                    value=shown.uninspected
                />
            </div>
        </fieldset>
    }
}

#[component]
fn LimitFields(shown: ConnectionEntries) -> impl IntoView {
    view! {
        <fieldset>
            <legend>"Limits"</legend>
            <div class="pair">
                <Field name="connect_ms" label="Connect, ms" value=shown.connect_ms inputmode="numeric" />
                <Field name="first_byte_ms" label="First byte, ms" value=shown.first_byte_ms inputmode="numeric" />
                <Field name="idle_ms" label="Silence, ms" value=shown.idle_ms inputmode="numeric" />
                <Field name="request_bytes" label="Request, bytes" value=shown.request_bytes inputmode="numeric" />
                <Field name="response_bytes" label="Whole answer, bytes" value=shown.response_bytes inputmode="numeric" />
            </div>
        </fieldset>
    }
}
