//! What `spec summary` says: one folder below `tests/summary` for each case, with the crate before and after and the
//! handlers.

#![allow(clippy::unwrap_used, reason = "a helper of tests may fail loudly")]

mod golden;

use std::fs;
use std::path::Path;

use spec_tools::summary::summary;
use spec_tools::surface::Surface;

#[test]
fn says_what_each_case_expects() {
    golden::hold(&golden::cases("summary"), |case| {
        let text = summary(&case.join("before"), &case.join("after"), &case.join("handlers")).unwrap();
        text.replace(&format!("{}/", case.display()), "")
    });
}

#[test]
fn the_stubs_are_rust() {
    if golden::is_updating() {
        return;
    }
    for case in golden::cases("summary") {
        let expected = fs::read_to_string(case.join("expected.txt")).unwrap();
        let Some(start) = expected.find("    async fn") else { continue };
        let end = expected.rfind("    }\n").unwrap() + "    }\n".len();
        let stubs = format!("impl T for H {{\n{}\n}}", &expected[start..end]);
        assert!(syn::parse_file(&stubs).is_ok(), "{stubs}");
    }
}

#[test]
fn reads_the_project_s_own_crate() {
    let surface = Surface::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../generated")).unwrap();
    let online = surface.providers["gridx"].methods.iter().find(|method| method.name == "appliance_online").unwrap();
    assert_eq!(online.arguments, ["&self", "delivery: &Delivery", "event: models::ApplianceEvent"]);
    assert_eq!(online.returns, "Result<(), HandlerError>");
    assert!(surface.models["ApplianceKind"].members.iter().any(|member| member.name == "HeatPump"));
}
