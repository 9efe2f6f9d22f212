//! The other half of signing in: an authenticator app.

use opora_core::{
    foundation::clock::Timestamp,
    people::sign_in::{Entrance, SignedIn},
};
use totp_rs::{Algorithm, Builder, Secret};

/// What an authenticator app with this secret (Base32, blanks allowed) shows at that moment.
pub fn code_of(secret: &str, now: Timestamp) -> String {
    let secret: String = secret.split_whitespace().collect();
    let key = Secret::try_from_base32(&secret).unwrap_or_else(|error| panic!("{secret}: {error}"));
    let app = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(6).with_step_duration(30).with_secret(key);
    let app = app.build().unwrap_or_else(|error| panic!("{secret}: {error}"));
    app.generate(now.timestamp().unsigned_abs()).to_string()
}

/// The session of a sign-in that asks for no code.
pub fn inside(entrance: Entrance) -> SignedIn {
    match entrance {
        Entrance::SignedIn(signed_in) => signed_in,
        Entrance::CodeNeeded(_) => panic!("a second factor is asked for"),
    }
}
