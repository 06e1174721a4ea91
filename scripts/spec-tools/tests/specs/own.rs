//! What an edit of one line of our own spec costs.

use std::fs;
use std::path::Path;

use spec_tools::source::Settings;

use crate::made;
use crate::workspace::Workspace;

#[test]
fn an_edit_of_one_line_reaches_the_crate() {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../webhooks.yaml");
    let edited = Path::new(env!("CARGO_TARGET_TMPDIR")).join("own.yaml");
    let text = fs::read_to_string(spec).unwrap();
    let workspace = Workspace::new("own");
    let generate = |text: &str| {
        fs::write(&edited, text).unwrap();
        workspace.generate(&made::prepared(&edited, &Settings::default()).0.document);
    };
    generate(&text);
    workspace.cargo(&["check", "--quiet"]);
    let schema = text.find("\n  schemas:").unwrap();
    let members = "\n      properties:\n";
    let at = schema + text[schema..].find(members).unwrap() + members.len();
    generate(&format!("{}        oneLineMore: {{ type: string }}\n{}", &text[..at], &text[at..]));
    println!("own: after one line of webhooks.yaml was edited, {}", made::cost(&workspace, true));
    let models = fs::read_dir(workspace.path("src/models")).unwrap().map(|entry| entry.unwrap().path());
    assert!(models.map(|path| fs::read_to_string(path).unwrap()).any(|model| model.contains("pub one_line_more:")));
}
