use webhook_api::contract::{Algorithm, SignedPart, TimestampSource};
use webhook_api::providers::gridx::{APPLIANCE_CREATE_2024, GRIDX_EVENTS};

mod agreement;

use super::*;

static BARE: Endpoint = Endpoint { id: "acmeEvents", provider: "acme", guards: &[], ..GRIDX_EVENTS };
static OTHER: Endpoint = Endpoint { id: "acmeOther", provider: "acme", guards: &[], ..GRIDX_EVENTS };
static GUARDED: Endpoint = Endpoint { id: "acmeOld", provider: "acme", ..APPLIANCE_CREATE_2024 };
static PROVIDERS: &[Provider] = &[
    Provider { name: "acme", summary: "", endpoints: &[&BARE, &GUARDED, &OTHER] },
    Provider { name: "sure", summary: "", endpoints: &[&APPLIANCE_CREATE_2024] },
];

const LEAST: &str = "header = 'X-Acme'\nalgorithm = 'hmac-sha256'\nencoding = 'hex'";

fn entries(toml: &str) -> BTreeMap<String, SchemeSettings> {
    toml::from_str(toml).unwrap()
}

fn complete_with(toml: &str) -> Result<Vec<&'static Provider>, String> {
    complete(PROVIDERS, &entries(toml)).map_err(|error| error.to_string())
}

fn of_acme(toml: &str) -> &'static SignatureScheme {
    complete_with(&format!("[acme]\n{toml}")).unwrap()[0].endpoints[0].guards[0][0]
}

#[test]
fn a_provider_is_as_it_is_where_the_spec_says_everything() {
    let completed = complete_with("").unwrap();
    assert!(std::ptr::eq(completed[0], &PROVIDERS[0]));
    assert!(std::ptr::eq(completed[1], &PROVIDERS[1]));
}

#[test]
fn an_entry_has_the_defaults_of_the_specs_extension() {
    let scheme = of_acme(LEAST);
    assert_eq!((scheme.header, scheme.algorithm), ("X-Acme", Algorithm::HmacSha256));
    assert_eq!((scheme.prefix, scheme.separator, scheme.max_signatures), ("", None, 1));
    assert_eq!(scheme.signed, [SignedPart::Body]);
    assert_eq!(scheme.name, "receiver.toml:acme");
    assert_eq!(of_acme(&format!("{LEAST}\nseparator = ','")).max_signatures, 8);
}

#[test]
fn an_entry_says_all_that_the_specs_extension_can() {
    let scheme = of_acme(
        "header = 'webhook-signature'\nalgorithm = 'hmac-sha256'\nencoding = 'base64'\nprefix = 'v1,'\nseparator = ' '\n\
         blanks = 'one-after-separator'\nmalformed = 'refuse'\nother-elements = 'refuse'\nrepeated-header = 'join'\n\
         max-signatures = 5\nsigned = '{header:webhook-id}.{timestamp}.{body}'\n\
         timestamp = { header = 'webhook-timestamp', tolerance = 60, format = 'unix-milliseconds' }\n\
         key = { encoding = 'base64', prefix = 'whsec_' }",
    );
    assert_eq!(scheme.signed[0], SignedPart::Header("webhook-id"));
    assert_eq!(scheme.timestamp.unwrap().source, TimestampSource::Header("webhook-timestamp"));
    assert_eq!(scheme.timestamp.unwrap().tolerance_seconds, 60);
    assert_eq!((scheme.max_signatures, scheme.key.prefix), (5, "whsec_"));
}

#[test]
fn an_endpoints_own_entry_goes_before_its_providers_and_the_specs_scheme_before_both() {
    let toml = format!("[acme]\n{LEAST}\n[acmeOther]\n{}", LEAST.replace("X-Acme", "X-Other"));
    let [bare, guarded, other] = complete_with(&toml).unwrap()[0].endpoints else { panic!("three endpoints") };
    assert_eq!(bare.guards[0][0].header, "X-Acme");
    assert_eq!(other.guards[0][0].header, "X-Other");
    assert_eq!(guarded.guards, GUARDED.guards);
}

#[test]
fn an_endpoint_without_a_scheme_is_refused_with_the_lines_to_write() {
    let message = require(complete_with("").unwrap()).unwrap_err().to_string();
    assert!(message.contains("`acmeEvents` (POST /gridx/events)"), "{message}");
    assert!(message.contains("\n    [schemes.acme]\n    header = \"X-Signature\"\n"), "{message}");
    let message = require(complete_with(&format!("[acmeEvents]\n{LEAST}")).unwrap()).unwrap_err().to_string();
    assert!(message.contains("`acmeOther`"), "{message}");
    assert_eq!(require(complete_with(&format!("[acme]\n{LEAST}")).unwrap()), Ok(()));
}

#[test]
fn everybody_may_send_only_where_the_settings_say_so_and_nothing_else() {
    let completed = complete_with("[acme]\nopen = true").unwrap();
    assert_eq!(completed[0].endpoints[0].guards, [&[] as &[&SignatureScheme]]);
    assert_eq!(completed[0].endpoints[1].guards, GUARDED.guards);
    let message = complete_with("[acme]\nopen = true\nheader = 'X-Acme'").unwrap_err();
    assert!(message.starts_with("`schemes.acme.header` stands beside `open = true`"), "{message}");
    assert!(complete_with("[acme]\nopen = false").unwrap_err().contains("`schemes.acme.header` is missing"));
}

#[test]
fn an_entry_for_what_the_spec_guards_is_refused() {
    for name in ["sure", "acmeOld"] {
        let message = complete_with(&format!("[{name}]\n{LEAST}")).unwrap_err();
        assert!(message.contains(&format!("`schemes.{name}`: the spec says how")), "{message}");
    }
}

#[test]
fn an_entry_for_nothing_is_refused() {
    let message = complete_with(&format!("[acmeEvent]\n{LEAST}")).unwrap_err();
    assert!(message.contains("did you mean `acmeEvents`?"), "{message}");
    let message = complete_with(&format!("[acme]\n{LEAST}\n[acmeEvents]\n{LEAST}\n[acmeOther]\n{LEAST}")).unwrap_err();
    assert!(message.contains("`schemes.acme` is for nothing"), "{message}");
}

#[test]
fn names_the_key_that_is_missing_or_unfit() {
    let cases = [
        ("algorithm = 'hmac-sha256'\nencoding = 'hex'", "`schemes.acme.header` is missing"),
        ("header = 'X'\nencoding = 'hex'", "`schemes.acme.algorithm` is missing"),
        ("header = 'X'\nalgorithm = 'hmac-sha256'", "`schemes.acme.encoding` is missing"),
        ("header = 'X Y'\nalgorithm = 'hmac-sha256'\nencoding = 'hex'", "`schemes.acme.header` `X Y` is no name"),
    ];
    for (toml, expected) in cases {
        let message = complete_with(&format!("[acme]\n{toml}")).unwrap_err();
        assert!(message.starts_with(expected), "{message}");
    }
}
