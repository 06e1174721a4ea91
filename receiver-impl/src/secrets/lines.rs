//! A text's lines to keys. What a key means is for its scheme to say; here it only has to be a clean line.

use super::{LineFault, Secret};

/// The line of a fault, counted from 1, and the fault.
type At = (usize, LineFault);

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";

/// One shared secret a line.
pub(super) fn secrets(text: &str) -> Result<Vec<Secret>, At> {
    let mut keys = Vec::new();
    for (number, line) in lines(text)? {
        if line.contains(BEGIN) || line.contains(END) {
            return Err((number, LineFault::Pem));
        }
        keys.push(clean(number, line)?);
    }
    Ok(keys)
}

/// One public key a line, or PEM blocks, or both.
pub(super) fn public_keys(text: &str) -> Result<Vec<Secret>, At> {
    let mut keys = Vec::new();
    let mut block: Option<(usize, String)> = None;
    for (number, line) in lines(text)? {
        match &mut block {
            Some((_, open)) => {
                open.push_str(line);
                open.push('\n');
                if line.trim().starts_with(END) {
                    keys.extend(block.take().map(|(_, whole)| Secret::new(whole)));
                }
            }
            None if line.trim().starts_with(BEGIN) => block = Some((number, format!("{line}\n"))),
            None => keys.push(clean(number, line)?),
        }
    }
    match block {
        Some((number, _)) => Err((number, LineFault::OpenPem)),
        None => Ok(keys),
    }
}

/// The lines that are not blank, with their numbers.
fn lines(text: &str) -> Result<impl Iterator<Item = (usize, &str)>, At> {
    if text.starts_with('\u{feff}') {
        return Err((1, LineFault::ByteOrderMark));
    }
    Ok((1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()))
}

fn clean(number: usize, line: &str) -> Result<Secret, At> {
    if line.trim() != line {
        Err((number, LineFault::OuterBlank))
    } else if line.contains(char::is_control) {
        Err((number, LineFault::Control))
    } else {
        Ok(Secret::new(line))
    }
}
