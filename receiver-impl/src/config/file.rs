//! `receiver.toml`: read whole, checked key by key, so that a misspelt setting is an error and not a surprise.

use std::path::{Path, PathBuf};

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};
use toml::de::{DeTable, DeValue};

use super::settings::{ProviderSettings, Settings};
use crate::schemes::SchemeSettings;
use crate::suggest::closest;

/// The file that is read where `--config` names none; it may be missing.
pub const DEFAULT_FILE: &str = "receiver.toml";

/// Why a configuration file cannot be used.
#[derive(Debug)]
pub enum FileError {
    /// It cannot be read.
    Unreadable(PathBuf, std::io::Error),
    /// It is not TOML, or a value has the wrong type. The text says where and what was expected, and never what stands
    /// there: somebody may have put a secret into the file.
    Unfit(PathBuf, String),
    /// It has a key that is no setting.
    UnknownKey(PathBuf, String),
}

/// Reads `named`, which must exist, or else the default file, which need not.
///
/// # Errors
///
/// [`FileError`].
pub(super) fn read(named: Option<&Path>) -> Result<Settings, FileError> {
    let path = named.unwrap_or(Path::new(DEFAULT_FILE));
    match std::fs::read_to_string(path) {
        Ok(text) => parse(path, &text),
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => Ok(Settings::default()),
        Err(error) => Err(FileError::Unreadable(path.to_owned(), error)),
    }
}

fn parse(path: &Path, text: &str) -> Result<Settings, FileError> {
    let unfit = |error: toml::de::Error| FileError::Unfit(path.to_owned(), fault(text, &error));
    let table = text.parse::<toml::Table>().map_err(unfit)?;
    check_keys(&table, "", names::<Settings>()).map_err(|what| FileError::UnknownKey(path.to_owned(), what))?;
    check_tables(&table, "providers", names::<ProviderSettings>())
        .and_then(|()| check_tables(&table, "schemes", names::<SchemeSettings>()))
        .map_err(|what| FileError::UnknownKey(path.to_owned(), what))?;
    toml::from_str(text).map_err(unfit)
}

/// The keys of every table `[KIND.NAME]`.
fn check_tables(file: &toml::Table, kind: &str, known: &[&str]) -> Result<(), String> {
    for (name, table) in file.get(kind).and_then(toml::Value::as_table).into_iter().flatten() {
        let table = table
            .as_table()
            .ok_or_else(|| format!("`{kind}.{name}` is no table; write [{kind}.{name}] and its settings below"))?;
        check_keys(table, &format!("{kind}.{name}."), known)?;
    }
    Ok(())
}

/// A parser's error without the value that it is about.
fn fault(text: &str, error: &toml::de::Error) -> String {
    let start = error.span().map_or(0, |span| span.start);
    let line = text.get(..start).map_or(1, |before| before.matches('\n').count() + 1);
    let key = DeTable::parse(text).ok().and_then(|table| key_at(table.get_ref(), start));
    let key = key.map_or_else(String::new, |key| format!(" `{key}`:"));
    match error.message().split_once(", expected ") {
        Some((_, "usize")) => format!("line {line}:{key} there must be a whole number"),
        Some((_, expected)) => format!("line {line}:{key} there must be {expected}"),
        None => format!("line {line}:{key} {}", error.message()),
    }
}

/// The dotted key of the value that stands at this byte of the file.
fn key_at(table: &DeTable<'_>, place: usize) -> Option<String> {
    table.iter().find_map(|(key, value)| {
        let below = match value.get_ref() {
            DeValue::Table(table) => key_at(table, place),
            _ => None,
        };
        match below {
            Some(below) => Some(format!("{}.{below}", key.get_ref())),
            None => value.span().contains(&place).then(|| key.get_ref().to_string()),
        }
    })
}

fn check_keys(table: &toml::Table, prefix: &str, known: &[&str]) -> Result<(), String> {
    let Some(unknown) = table.keys().find(|key| !known.contains(&key.as_str())) else { return Ok(()) };
    Err(match closest(unknown, known.iter().copied()) {
        Some(near) => format!("`{prefix}{unknown}` is no setting; did you mean `{prefix}{near}`?"),
        None => format!("`{prefix}{unknown}` is no setting; there are {}", known.join(", ")),
    })
}

impl std::fmt::Display for FileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable(path, error) => write!(f, "cannot read the configuration {}: {error}", path.display()),
            Self::Unfit(path, error) => {
                write!(f, "the configuration {} does not fit: {error}", path.display())
            }
            Self::UnknownKey(path, what) => write!(f, "the configuration {}: {what}", path.display()),
        }
    }
}

impl std::error::Error for FileError {}

/// The names that `T` takes, as its own `Deserialize` tells them.
fn names<T: for<'de> Deserialize<'de>>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    // The deserializer below never yields a value, so there is nothing in the result to look at.
    let _ = T::deserialize(Names(&mut names));
    names
}

struct Names<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Names<'_> {
    type Error = de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(de::Error::custom("only names are asked for"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        *self.0 = fields;
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> String {
        parse(Path::new("receiver.toml"), text).unwrap_err().to_string()
    }

    #[test]
    fn reads_settings_by_the_names_of_their_flags() {
        let text = "listen = '127.0.0.1:9000'\nbody-limit = '64KiB'\n[providers.gridx]\nsignatures = 'all'\n";
        let settings = parse(Path::new("receiver.toml"), text).unwrap();
        assert_eq!(settings.listen, Some("127.0.0.1:9000".parse().unwrap()));
        assert_eq!(settings.body_limit.unwrap().to_string(), "64KiB");
        assert_eq!(settings.providers["gridx"].signatures.as_deref(), Some("all"));
    }

    #[test]
    fn names_an_unknown_key_and_the_one_that_was_meant() {
        assert!(message("lisen = '127.0.0.1:1'").contains("`lisen` is no setting; did you mean `listen`?"));
        let message = message("[providers.gridx]\nsignature = 'any'\n");
        assert!(message.contains("`providers.gridx.signature` is no setting"), "{message}");
        assert!(message.contains("did you mean `providers.gridx.signatures`?"), "{message}");
    }

    #[test]
    fn lists_the_settings_when_none_is_close() {
        assert!(message("zzz = 1").contains("there are listen, admin, admin-token-file"));
    }

    #[test]
    fn points_at_a_value_that_does_not_fit() {
        let message = message("listen = '127.0.0.1:9000'\nbody-limit = '1MB'\n");
        assert!(message.contains("line 2: `body-limit`: `1MB` is not a size"), "{message}");
    }

    #[test]
    fn names_the_key_of_a_value_of_another_type() {
        assert!(
            message("# Here.\nmax-requests = 'many'\n")
                .ends_with("line 2: `max-requests`: there must be a whole number")
        );
        let tolerance = message("listen = '127.0.0.1:1'\n[providers.nursa]\ntolerance = 300\n");
        assert!(tolerance.ends_with("line 3: `providers.nursa.tolerance`: there must be a string"), "{tolerance}");
        let inline = message("providers = { nursa = { tolerance = 300 } }");
        assert!(inline.ends_with("line 1: `providers.nursa.tolerance`: there must be a string"), "{inline}");
    }

    #[test]
    fn never_shows_a_value_that_may_be_a_secret() {
        for text in
            ["[providers]\ngridx = 'whsec_1'", "providers = 'whsec_1'", "[providers.gridx]\nsignatures = whsec_1"]
        {
            let message = message(text);
            assert!(!message.contains("whsec_1"), "{message}");
        }
    }

    #[test]
    fn a_named_file_must_exist() {
        let error = read(Some(Path::new("/nonexistent/receiver.toml"))).unwrap_err();
        assert!(error.to_string().starts_with("cannot read the configuration /nonexistent/receiver.toml"));
    }
}
