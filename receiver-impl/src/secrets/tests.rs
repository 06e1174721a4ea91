use std::fs;

use super::*;

fn read(vars: &[(&str, &str)]) -> Result<Credentials, CredentialsError> {
    let vars: Vec<_> = vars.iter().map(|(name, value)| ((*name).to_owned(), OsString::from(value))).collect();
    Credentials::read("grid-x", &KeyFiles::default(), &|name| {
        vars.iter().find(|(set, _)| set == name).map(|(_, v)| v.clone())
    })
}

fn secrets(text: &str) -> Vec<String> {
    let credentials = read(&[("GRID_X_SECRETS", text)]).unwrap();
    credentials.secrets.unwrap().keys().iter().map(|key| key.expose().to_owned()).collect()
}

fn message(vars: &[(&str, &str)]) -> String {
    read(vars).unwrap_err().to_string()
}

#[test]
fn takes_one_secret_a_line_whatever_the_line_ends() {
    assert_eq!(secrets("one"), ["one"]);
    assert_eq!(secrets("\r\n  \none two\r\n\n# three\n"), ["one two", "# three"]);
    assert_eq!(secrets("a\\nb"), ["a\\nb"]);
}

#[test]
fn a_provider_without_variables_is_off() {
    assert!(read(&[]).unwrap().is_empty());
}

#[test]
fn an_empty_value_is_an_error_that_names_the_variable() {
    for text in ["", "\n", " \r\n\t"] {
        let message = message(&[("GRID_X_SECRETS", text)]);
        assert!(message.starts_with("GRID_X_SECRETS is set but empty"), "{message}");
    }
}

#[test]
fn both_forms_at_once_are_an_error() {
    assert_eq!(
        message(&[("GRID_X_SECRETS", "a"), ("GRID_X_SECRETS_FILE", "b")]),
        "GRID_X_SECRETS and GRID_X_SECRETS_FILE are both set; unset one of them"
    );
}

#[test]
fn refuses_lines_that_would_change_on_their_way_and_does_not_quote_them() {
    for (text, fault) in [
        ("fine\n hidden", "line 2: the key begins or ends with a blank"),
        ("hidden\t", "line 1: the key begins or ends with a blank"),
        ("hid\u{0}den", "line 1: the key has a control character"),
        ("\u{feff}hidden", "line 1: the text begins with a byte order mark"),
        ("-----BEGIN PUBLIC KEY-----\nhidden", "line 1: this is PEM text"),
    ] {
        let message = message(&[("GRID_X_SECRETS", text)]);
        assert!(message.starts_with(&format!("GRID_X_SECRETS, {fault}")), "{message}");
        assert!(!message.contains("hidden"), "{message}");
    }
}

#[test]
fn bounds_the_number_of_live_keys() {
    assert_eq!(secrets(&"x\n".repeat(16)).len(), 16);
    assert!(message(&[("GRID_X_SECRETS", &"x\n".repeat(17))]).starts_with("GRID_X_SECRETS holds 17 keys"));
}

#[test]
fn public_keys_are_lines_or_pem_blocks() {
    let pem = "-----BEGIN PUBLIC KEY-----\nAQID\n-----END PUBLIC KEY-----\n";
    let text = format!("{pem}whpk_AQID\n\n{pem}");
    let keys = read(&[("GRID_X_PUBLIC_KEYS", &text)]).unwrap().public_keys.unwrap();
    assert_eq!(keys.keys().iter().map(Secret::expose).collect::<Vec<_>>(), [pem, "whpk_AQID", pem]);
    let open = message(&[("GRID_X_PUBLIC_KEYS", "a\n-----BEGIN PUBLIC KEY-----\nAQID")]);
    assert!(open.starts_with("GRID_X_PUBLIC_KEYS, line 2: a PEM block begins here"), "{open}");
}

#[test]
fn reads_a_file_and_remembers_it() {
    let path = std::env::temp_dir().join(format!("receiver-secrets-{}", std::process::id()));
    fs::write(&path, "one\ntwo\n").unwrap();
    let credentials = read(&[("GRID_X_SECRETS_FILE", path.to_str().unwrap())]);
    let configured = KeyFiles { secrets: Some(path.clone()), ..KeyFiles::default() };
    let configured = Credentials::read("grid-x", &configured, &|_| None);
    fs::write(&path, vec![b'x'; MAX_FILE + 1]).unwrap();
    let large = message(&[("GRID_X_SECRETS_FILE", path.to_str().unwrap())]);
    fs::write(&path, [0xff]).unwrap();
    let binary = message(&[("GRID_X_SECRETS_FILE", path.to_str().unwrap())]);
    fs::remove_file(&path).unwrap();

    let credentials = credentials.unwrap();
    assert_eq!(credentials.files().collect::<Vec<_>>(), [path.as_path()]);
    assert_eq!(credentials.secrets.unwrap().keys().len(), 2);
    let source = configured.unwrap().secrets.unwrap().source().to_owned();
    assert!(source.starts_with("providers.grid-x.secrets-file ("), "{source}");
    assert!(large.contains("is larger than 64 KiB"), "{large}");
    assert!(binary.contains("is not UTF-8 text"), "{binary}");
}

#[test]
fn a_missing_file_is_named_with_its_variable() {
    let message = message(&[("GRID_X_SECRETS_FILE", "/no/such/file")]);
    assert!(message.starts_with("GRID_X_SECRETS_FILE (/no/such/file) cannot be read: "), "{message}");
}

#[test]
fn the_environment_goes_over_a_configured_file() {
    let env = |name: &str| (name == "GRID_X_SECRETS").then(|| OsString::from("from env"));
    let files = KeyFiles { secrets: Some(PathBuf::from("/no/such/file")), ..KeyFiles::default() };
    let credentials = Credentials::read("grid-x", &files, &env).unwrap();
    assert_eq!(credentials.secrets.unwrap().source(), "GRID_X_SECRETS");
}

#[test]
fn an_authorization_alone_turns_nothing_on() {
    let credentials = read(&[("GRID_X_AUTHORIZATION", "Bearer one two\nkey-2\n")]).unwrap();
    assert!(credentials.is_empty());
    let values = credentials.authorization.unwrap();
    assert_eq!(values.keys().iter().map(Secret::expose).collect::<Vec<_>>(), ["Bearer one two", "key-2"]);
}

#[test]
fn a_secret_never_prints() {
    let credentials = Credentials::made_up(Secret::new("hidden"));
    assert_eq!(format!("{:?} {}", Secret::new("hidden"), Secret::new("hidden")), "[redacted] [redacted]");
    assert!(!format!("{credentials:?}").contains("hidden"));
}
