/// New models concern nobody yet.
pub enum Extra {
    A(String),
    B,
}
