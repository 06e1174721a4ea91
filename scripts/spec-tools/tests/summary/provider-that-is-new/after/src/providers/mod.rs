pub mod letters;
pub mod parcels;
