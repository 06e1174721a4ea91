//! JSON pointers (RFC 6901) as the text that names a place in the spec.

/// `parent` extended by one member name.
pub fn child(parent: &str, name: &str) -> String {
    format!("{parent}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// `parent` extended by one position in a list.
pub fn item(parent: &str, index: usize) -> String {
    format!("{parent}/{index}")
}

/// The names that lead from the root to the place, in plain text.
pub fn names(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(|name| name.replace("~1", "/").replace("~0", "~"))
}

/// The place that contains this one; `None` for the root.
pub fn parent(pointer: &str) -> Option<&str> {
    pointer.rfind('/').map(|end| &pointer[..end])
}

/// The place as people write it: `paths./gridx/events.post`. The root is `the document`.
pub fn display(pointer: &str) -> String {
    if pointer.is_empty() { "the document".to_owned() } else { names(pointer).collect::<Vec<_>>().join(".") }
}

/// Whether `text` is a JSON pointer: empty, or names that each follow a slash, with `~` only as `~0` and `~1`.
pub fn is_valid(text: &str) -> bool {
    let escapes_are_known = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    (text.is_empty() || text.starts_with('/')) && escapes_are_known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_the_way_into_a_pointer_and_back() {
        let pointer = item(&child(&child("", "paths"), "/a~b/c"), 3);
        assert_eq!(pointer, "/paths/~1a~0b~1c/3");
        assert_eq!(names(&pointer).collect::<Vec<_>>(), ["paths", "/a~b/c", "3"]);
        assert_eq!(display(&pointer), "paths./a~b/c.3");
        assert_eq!(parent(&pointer), Some("/paths/~1a~0b~1c"));
    }

    #[test]
    fn tells_a_pointer_from_other_text() {
        assert!(is_valid("") && is_valid("/") && is_valid("/a/0/~0~1"));
        assert!(!is_valid("a") && !is_valid("/a~") && !is_valid("/a~2") && !is_valid("#/a"));
    }
}
