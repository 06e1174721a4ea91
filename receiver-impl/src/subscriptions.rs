//! What the calls of the providers' management APIs have in common, whoever makes them: tokens, time-outs, waiting where
//! a provider asks for it, and errors that say what to change. Beside that the two things which a subscription leaves on
//! this machine: a line in the provider's file of secrets, and a note that says whose line it is.

mod api;
mod auth;
mod client;
mod notebook;
mod problem;
mod refusal;
mod scrub;
mod secrets_file;
mod wait;

pub use api::Api;
pub use auth::{Credential, CredentialError};
pub use client::{Client, Reply};
pub use notebook::{Entry, Notebook, SPARE, fingerprint};
pub use problem::{Fault, Problem};
pub use secrets_file::{SecretsFile, SecretsFileError};
