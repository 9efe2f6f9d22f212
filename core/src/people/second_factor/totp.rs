//! Codes of an authenticator app: TOTP with SHA-1, six digits, 30 seconds, one step of tolerance (RFC 6238).

use totp_rs::{Algorithm, Builder, Secret as Key, Totp};

use crate::foundation::{
    chance::{self, Chance},
    clock::Timestamp,
    secrets::Secret,
};

const DIGITS: u8 = 6;
const STEP_SECONDS: i64 = 30;
/// What RFC 4226 recommends.
const SECRET_BYTES: usize = 20;

/// A new secret in the text form that apps take (Base32).
pub fn draw(chance: &dyn Chance) -> Secret {
    Secret::new(Key::from(chance::bytes::<SECRET_BYTES>(chance)).to_base32())
}

/// The step whose code this is: the present one or a neighbour; the latest if several fit.
pub fn step_of(secret: &Secret, code: &str, now: Timestamp) -> Option<i64> {
    let totp = totp(secret)?;
    let present = now.timestamp().div_euclid(STEP_SECONDS);
    // All three are looked at, whichever fits.
    let fitting = [present - 1, present, present + 1].map(|step| {
        let second = u64::try_from(step * STEP_SECONDS).ok()?;
        totp.check(code, second).map(|_| step)
    });
    fitting.into_iter().flatten().max()
}

fn totp(secret: &Secret) -> Option<Totp> {
    let key = Key::try_from_base32(secret.reveal()).ok()?;
    let builder = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(DIGITS).with_skew(0);
    builder.with_step_duration(STEP_SECONDS.unsigned_abs()).with_secret(key).build().ok()
}

/// The address that an app reads from the QR code.
pub fn address(secret: &Secret, issuer: &str, login: &str) -> Secret {
    let (issuer, login) = (escaped(issuer), escaped(login));
    let secret = secret.reveal();
    Secret::new(format!(
        "otpauth://totp/{issuer}:{login}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}"
    ))
}

/// Everything but letters and digits of ASCII as `%XX`.
fn escaped(text: &str) -> String {
    let sign = |byte: u8| match byte {
        byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(sign).collect()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    /// The secret of RFC 6238, appendix B: «12345678901234567890».
    fn secret() -> Secret {
        Secret::new("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + TimeDelta::seconds(second)
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        for (second, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert_eq!(step_of(&secret(), code, at(second)), Some(second / 30), "{second}");
        }
    }

    #[test]
    fn one_step_to_either_side_is_taken_and_no_more() {
        let code = "287082";
        for (second, step) in [(0, Some(1)), (29, Some(1)), (60, Some(1)), (89, Some(1)), (90, None), (5000, None)] {
            assert_eq!(step_of(&secret(), code, at(second)), step, "{second}");
        }
        for wrong in ["", "28708", "2870822", "287083", "abcdef", "２８７０８２"] {
            assert_eq!(step_of(&secret(), wrong, at(59)), None, "{wrong}");
        }
    }

    #[test]
    fn an_app_reads_issuer_and_login_of_any_script() {
        let address = address(&secret(), "Дом: 1", "anna@home");
        assert_eq!(
            address.reveal(),
            "otpauth://totp/%D0%94%D0%BE%D0%BC%3A%201:anna%40home?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=%D0%94%D0%BE%D0%BC%3A%201&algorithm=SHA1&digits=6&period=30"
        );
    }
}
