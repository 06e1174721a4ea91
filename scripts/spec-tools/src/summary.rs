//! `spec summary`: what a new generation of the crate asks of the people who write handlers.
//!
//! It compares two generations and looks into the handler files, so that it does not ask for what is there already.

mod written;

use std::fmt::Write as _;
use std::path::Path;

use self::written::Written;
use crate::surface::{Changes, Method, Model, Provider, Surface, SurfaceError, compare};

/// The longest line that the formatter leaves alone.
const WIDEST: usize = 120;

/// Compares the crates in two folders. `before` may be missing: then this is the first generation.
///
/// # Errors
/// A source file of either crate cannot be read or is not Rust.
pub fn summary(before: &Path, after: &Path, handlers: &Path) -> Result<String, SurfaceError> {
    let earlier = Surface::read(before)?;
    let later = Surface::read(after)?;
    let mut out = String::new();
    if !before.exists() {
        let methods: usize = later.providers.values().map(|provider| provider.methods.len()).sum();
        let providers = later.providers.len();
        let _ = writeln!(out, "This is the first generation: traits {providers}, methods {methods}.");
    }
    let sections: Vec<String> = modules(&earlier, &later)
        .into_iter()
        .filter_map(|module| {
            let path = handlers.join(format!("{module}.rs"));
            match (earlier.providers.get(module), later.providers.get(module)) {
                (None, Some(later)) => added(module, later, &path),
                (Some(_), None) => removed(module, &path),
                (Some(earlier), Some(later)) => altered(earlier, later, &path),
                (None, None) => None,
            }
        })
        .chain(models(&earlier, &later))
        .collect();
    if sections.is_empty() {
        out.push_str("Handlers: nothing to do.\n");
    }
    out.push_str(&sections.join("\n"));
    Ok(out)
}

fn modules<'a>(earlier: &'a Surface, later: &'a Surface) -> Vec<&'a str> {
    let mut modules: Vec<&str> = earlier.providers.keys().chain(later.providers.keys()).map(String::as_str).collect();
    modules.sort_unstable();
    modules.dedup();
    modules
}

/// A provider that was not there: its handler is a file of its own.
fn added(module: &str, provider: &Provider, path: &Path) -> Option<String> {
    let written = Written::read(path, &provider.name);
    if written.is_some() {
        return altered(&Provider { name: provider.name.clone(), methods: Vec::new() }, provider, path);
    }
    let name = &provider.name;
    let stubs: Vec<String> = provider.methods.iter().map(stub).collect();
    Some(format!(
        "{name} is new. Write {path}, such as below, add `mod {module};` beside it, and give the handler to `Handlers` \
         as `{module}`:\n\n\
         //! What happens with events of {module}.\n\n\
         use webhook_api::{{Delivery, HandlerError, {name}, models}};\n\n\
         /// Handles the events of {module}.\n\
         #[derive(Debug, Clone, Default)]\n\
         pub struct {name}Handler;\n\n\
         impl {name} for {name}Handler {{\n{}}}\n",
        stubs.join("\n"),
        path = path.display(),
    ))
}

fn removed(module: &str, path: &Path) -> Option<String> {
    let place = path.display();
    path.exists()
        .then(|| format!("`{module}` is gone. Remove {place}, its `mod` line, and `{module}` of `Handlers`.\n"))
}

fn altered(earlier: &Provider, later: &Provider, path: &Path) -> Option<String> {
    let written = Written::read(path, &later.name);
    let changes = compare(&earlier.methods, &later.methods);
    let Changes { new, gone, changed } = left_to_do(changes, written.as_ref());
    if new.is_empty() && gone.is_empty() && changed.is_empty() {
        return None;
    }
    let mut out = format!("{}: impl {}\n", path.display(), later.name);
    if !new.is_empty() {
        let _ = writeln!(out, "  new, to be added:\n");
        let stubs: Vec<String> = new.into_iter().map(stub).collect();
        out.push_str(&stubs.join("\n"));
        out.push('\n');
    }
    for (earlier, later) in changed {
        let _ = writeln!(out, "  changed: {}", later.name);
        for (was, is) in differences(earlier, later) {
            let _ = writeln!(out, "    `{was}` is now `{is}`");
        }
    }
    for method in gone {
        let _ = writeln!(out, "  gone, to be removed: {}", method.name);
    }
    Some(out)
}

/// What the handler file does not have yet, or still has.
fn left_to_do<'a>(changes: Changes<'a, Method>, written: Option<&Written>) -> Changes<'a, Method> {
    let Some(written) = written else { return changes };
    let Changes { mut new, mut gone, mut changed } = changes;
    new.retain(|method| !written.has(&method.name));
    gone.retain(|method| written.has(&method.name));
    changed.retain(|(_, later)| !written.fits(later));
    Changes { new, gone, changed }
}

fn differences(earlier: &Method, later: &Method) -> Vec<(String, String)> {
    if earlier.arguments.len() != later.arguments.len() {
        return vec![(earlier.arguments.join(", "), later.arguments.join(", "))];
    }
    let arguments = earlier.arguments.iter().zip(&later.arguments);
    let all = arguments.chain([(&earlier.returns, &later.returns)]);
    all.filter(|(was, is)| was != is).map(|(was, is)| (was.clone(), is.clone())).collect()
}

/// A method to paste. Until somebody writes it, the provider is asked to send again, so nothing is lost.
fn stub(method: &Method) -> String {
    let Method { name, arguments, returns, summary } = method;
    let mut head = format!("    async fn {name}({}) -> {returns} {{", arguments.join(", "));
    if head.chars().count() > WIDEST {
        let arguments: String = arguments.iter().map(|argument| format!("        {argument},\n")).collect();
        head = format!("    async fn {name}(\n{arguments}    ) -> {returns} {{");
    }
    let unused: Vec<&str> = arguments.iter().filter_map(|argument| Some(argument.split_once(':')?.0)).collect();
    let docs = if summary.is_empty() { String::new() } else { format!("    // {summary}\n") };
    format!(
        "{docs}{head}\n        let _ = ({});\n        Err(HandlerError::retry(\"{name} is not written yet\"))\n    }}\n",
        unused.join(", ")
    )
}

/// Models that were there before and have other members now.
fn models(earlier: &Surface, later: &Surface) -> Option<String> {
    let changed = compare(earlier.models.values(), later.models.values()).changed;
    let lines: Vec<String> = changed.iter().map(|(earlier, later)| model(earlier, later)).collect();
    let lead = "models with other members; `cargo check` finds the code that reads what is gone:\n";
    (!lines.is_empty()).then(|| format!("{lead}{}", lines.concat()))
}

fn model(earlier: &Model, later: &Model) -> String {
    let Changes { new, gone, changed } = compare(&earlier.members, &later.members);
    let new = new.iter().map(|member| format!("`{}` is new", member.name));
    let gone = gone.iter().map(|member| format!("`{}` is gone", member.name));
    let changed = changed.iter().map(|(was, is)| format!("`{}` is now `{}`, was `{}`", is.name, is.shape, was.shape));
    let members: Vec<String> = new.chain(gone).chain(changed).collect();
    let members = if members.is_empty() { "its members have another order".to_owned() } else { members.join("; ") };
    format!("  {}: {members}\n", later.name)
}
